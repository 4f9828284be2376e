import type { FaultSpec } from '../../src/faults/faults.ts';
import type { Scenario } from '../../src/scenario/schema.ts';

/**
 * The same scenario in which nothing happens: in place of each fault a load of once what it is, so that trials, phases
 * and whatever is computed from them stay.
 */
export function withoutFaults(scenario: Scenario): Scenario {
  return {
    ...scenario,
    faults: scenario.faults.map(nothing),
    cases: scenario.cases.map((one) => ({ ...one, faults: one.faults.map(nothing) })),
  };
}

function nothing({ do: what, id = what, atMs, forMs }: FaultSpec): FaultSpec {
  return { do: 'load', id, atMs, forMs, factor: 1 };
}
