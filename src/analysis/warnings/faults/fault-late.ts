import { faultByName } from '../../../faults/faults.ts';
import { NS_PER_MS, type Nanoseconds } from '../../../kernel/clock.ts';
import type { FaultRecord } from '../../../record/record.ts';
import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
import { type NamedFault, nameOfFault } from './named-fault.ts';

/** A fault that began later than planned: its phase contains that much time without it. */
export interface FaultLate {
  readonly code: 'fault-late';
  readonly line: string;
  readonly fault: NamedFault;
  readonly lateNs: Nanoseconds;
}

/** Least lateness that counts: a tenth of the fault's length, or this where that is more. */
const LATE_NS = 100 * NS_PER_MS;
const LATE_SHARE = 0.1;

export function lateFaults(comparison: FaultComparison): FaultLate[] {
  return comparison.trials.flatMap(({ faults }) =>
    faults.flatMap((fault): FaultLate[] => {
      const lateNs = lateBy(fault);
      if (lateNs <= Math.max(LATE_NS, LATE_SHARE * fault.plannedForNs)) return [];
      return [{ code: 'fault-late', line: nameWithCase(comparison), fault: nameOfFault(fault), lateNs }];
    }),
  );
}

/** A fault that begins with a message has no planned instant to be late for. */
function lateBy({ do: what, observedNs, plannedAtNs }: FaultRecord): Nanoseconds {
  const { layer } = faultByName(what);
  const hasInstant = layer === 'process' || layer === 'connection';
  return observedNs === null || !hasInstant ? 0 : observedNs - plannedAtNs;
}
