import type { Nanoseconds } from '../../kernel/clock.ts';
import type { Schedule } from '../../measure/schedule.ts';
import type { TrialSpec } from '../../plan/spec.ts';
import type { FaultRecord } from '../../record/record.ts';
import type { Drive } from '../drive-parts.ts';

/** Whoever decides on a trial's faults, load and end while it runs, as the trial sees it. */
export interface DrivenSession {
  /** The schedule as it stands: only arrivals not yet due change. */
  readonly schedule: Schedule;
  /**
   * Called when the start of the load is ordered. Resolves when the session has ended and every fault is lifted, with a
   * record of each in the order of the played trial; null for those that services and generator carry out.
   */
  run(d: Drive, startNs: Nanoseconds): Promise<(FaultRecord | null)[]>;
  /** The trial as if it had been planned as it was driven; called after the end. */
  played(): TrialSpec;
}
