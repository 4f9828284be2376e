import { ASKED_KINDS } from './kinds/kinds.ts';
import type { Scenario } from '../scenario/schema/schema.ts';

/** Faults, variants, and what means nothing without them; thresholds may name them, and are of one run. */
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
 * What one arm of a comparison runs: only its latency, once a pair. Everything else that the scenario asks for is left
 * out, so that what stands in its result is what was done, and `replay` does the same.
 * @param pairs the most that there can be
 */
export function pairedScenario(scenario: Scenario, pairs: number): Scenario {
  return {
    ...scenario,
    ...WITHOUT_FAULTS,
    rounds: pairs,
    ...withoutAskedKinds(),
    warmUp: { ...scenario.warmUp, probeMs: 0 },
  };
}

function withoutAskedKinds(): Partial<Scenario> {
  return Object.fromEntries(ASKED_KINDS.map(({ runs: { field, none } }) => [field, none]));
}
