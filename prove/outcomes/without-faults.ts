import { faultByName, type FaultSpec } from '../../src/faults/faults.ts';
import type { Scenario } from '../../src/scenario/schema/schema.ts';

/**
 * The same scenario in which nothing happens. Trials, phases and who depends on whom stay: in place of a fault on a
 * service none of its messages is delayed; of any other, the load is once what it is.
 */
export function withoutFaults(scenario: Scenario): Scenario {
  const services = ['service', ...scenario.services.map(({ id }) => id)];
  const nothing = ({ do: what, id = what, on, atMs, forMs }: FaultSpec): FaultSpec => {
    const when = { id, atMs, forMs };
    const isOnService = faultByName(what).layer !== 'load' && services.includes(on ?? services[0]!);
    if (!isOnService) return { do: 'load', ...when, factor: 1 };
    return { do: 'latency', ...when, ...(on === undefined ? {} : { on }), share: 0 };
  };
  return {
    ...scenario,
    faults: scenario.faults.map(nothing),
    cases: scenario.cases.map((one) => ({ ...one, faults: one.faults.map(nothing) })),
  };
}
