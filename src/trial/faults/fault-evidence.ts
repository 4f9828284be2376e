import type { IntendedTimes } from '../../measure/figures/join.ts';
import type { Arrivals } from '../../measure/logs/arrivals.ts';
import type { HopEvent } from '../../measure/logs/hop-log.ts';
import type { FaultRecord } from '../../record/record.ts';
import type { OwnEnd } from '../../components/service/own-ends.ts';

/** Evidence of a trial's faults. */
export interface FaultEvidence {
  readonly schedule: IntendedTimes;
  readonly arrivals: Arrivals;
  readonly events: readonly HopEvent[];
  readonly ownEnds: readonly OwnEnd[];
  /** Records of faults at instants, in the order of `spec.faults`; null for others. */
  readonly ran: readonly (FaultRecord | null)[];
}
