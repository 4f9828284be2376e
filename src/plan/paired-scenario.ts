import { ASKED_KINDS } from './kinds/kinds.ts';
import type { Scenario } from '../scenario/schema/schema.ts';

/** Parts of a scenario that no pair has. Thresholds may name a variant or a case, and apply to one run. */
const NEVER: Pick<Scenario, 'variants' | 'cases' | 'thresholds'> = {
  variants: [],
  cases: [],
  thresholds: [],
};

/** Without faults, endpoints have no health to be watched. */
const NO_FAULTS: Pick<Scenario, 'faults' | 'endpoints' | 'objectiveMs' | 'watchRecovery'> = {
  faults: [],
  endpoints: [],
  objectiveMs: null,
  watchRecovery: true,
};

/** A scenario without faults, variants and their settings. */
export const WITHOUT_FAULTS = { ...NEVER, ...NO_FAULTS };

/** The kinds of trial of which pairs are made. */
export const PAIRED_KINDS = ['latency', 'fault'] as const;
export type PairedKind = (typeof PAIRED_KINDS)[number];

/** Parts of the scenario that pairs of a kind do not have. */
export function excludedParts(kind: PairedKind): Partial<Scenario> {
  return kind === 'fault' ? NEVER : WITHOUT_FAULTS;
}

/**
 * The scenario of one arm of a comparison: trials of one kind only, once per pair. The rest of the scenario is dropped,
 * so that the result holds exactly what was run, and `replay` repeats it.
 * @param pairs the maximum number of pairs
 */
export function pairedScenario(scenario: Scenario, pairs: number, kind: PairedKind = 'latency'): Scenario {
  const withoutAskedKinds = Object.fromEntries(ASKED_KINDS.map(({ runs: { field, none } }) => [field, none]));
  return {
    ...scenario,
    ...excludedParts(kind),
    rounds: pairs,
    ...withoutAskedKinds,
    warmUp: { ...scenario.warmUp, probeMs: 0 },
  };
}
