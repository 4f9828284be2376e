import { ASKED_KINDS } from './kinds/kinds.ts';
import type { Scenario } from '../scenario/schema/schema.ts';

/** A scenario without faults, variants and their settings. Thresholds may name these, and apply to one run. */
export const WITHOUT_FAULTS: Pick<
  Scenario,
  'variants' | 'faults' | 'cases' | 'endpoints' | 'objectiveMs' | 'thresholds'
> = {
  variants: [],
  faults: [],
  cases: [],
  endpoints: [],
  objectiveMs: null,
  thresholds: [],
};

/**
 * The scenario of one arm of a comparison: latency trials only, once per pair. The rest of the scenario is dropped, so
 * that the result holds exactly what was run, and `replay` repeats it.
 * @param pairs the maximum number of pairs
 */
export function pairedScenario(scenario: Scenario, pairs: number): Scenario {
  const withoutAskedKinds = Object.fromEntries(ASKED_KINDS.map(({ runs: { field, none } }) => [field, none]));
  return {
    ...scenario,
    ...WITHOUT_FAULTS,
    rounds: pairs,
    ...withoutAskedKinds,
    warmUp: { ...scenario.warmUp, probeMs: 0 },
  };
}
