import { faultByName } from '../faults/faults.ts';
import { type FaultTimes, isOnPlan, offPlanText } from '../measure/validity/fault-times.ts';
import type { FaultRecord } from './record.ts';

/** Faults that were not on as planned, by their own observation: in words with figures. */
export function faultsOffPlan(faults: readonly FaultRecord[]): string[] {
  return faults.flatMap((fault) => {
    const times = timesOf(fault);
    if (times) return offPlanText(times) ?? [];
    return hasStruckNothing(fault)
      ? [`${nameOf(fault)} struck none of ${fault.planned} messages planned`]
      : [];
  });
}

/** How long a fault was on: as planned, or, where it was not, as observed; null: it never was. */
export function lengthNs(fault: FaultRecord): number | null {
  const times = timesOf(fault);
  if (!times || isOnPlan(times)) return fault.plannedForNs;
  const { beganNs, endedNs } = times;
  return beganNs === null || endedNs === null ? null : endedNs - beganNs;
}

/** Undefined for faults of messages and arrivals, which begin with the first one struck. */
function timesOf(fault: FaultRecord): FaultTimes | undefined {
  const { plannedAtNs, plannedForNs, observedNs, liftedNs, readyNs } = fault;
  const definition = faultByName(fault.do);
  if (definition.layer !== 'process' && definition.layer !== 'connection') return undefined;
  // How long a restart takes is a finding, and no part of the fault.
  const endedNs = definition.layer === 'process' && definition.restarts ? liftedNs : readyNs;
  return { name: nameOf(fault), plannedAtNs, plannedForNs, beganNs: observedNs, endedNs };
}

function hasStruckNothing({ do: what, planned, injectedNs }: FaultRecord): boolean {
  return faultByName(what).layer === 'application' && (planned ?? 0) > 0 && injectedNs === null;
}

function nameOf({ id, do: what, on }: FaultRecord): string {
  return `the fault ${id ?? what} of ${on}`;
}
