import type { Nanoseconds } from '../kernel/clock.ts';
import type { StartedComponent } from '../kernel/component.ts';
import type { FaultTarget } from '../kernel/fault-target.ts';
import type { Schedule } from '../measure/schedule.ts';
import type { TrialSpec } from '../plan/spec.ts';
import type { FaultRecord } from '../record/record.ts';
import type { Collector } from './collector.ts';
import type { SystemUnderTest } from './environment/system-under-test.ts';
import type { RunningGenerator } from './environment/generator-run.ts';
import type { Testbed } from './environment/testbed.ts';
import type { Meeting } from './meeting.ts';
import type { StandstillWatch } from './standstill.ts';

/** The parts of a trial that `drive` needs. */
export interface Drive extends Omit<SystemUnderTest, 'parts'> {
  /** All components except the generator. */
  readonly components: readonly StartedComponent[];
  /** Targets of process faults, by name. */
  readonly targets: ReadonlyMap<string, FaultTarget>;
  readonly testbed: Testbed;
  readonly spec: TrialSpec;
  readonly schedule: Schedule;
  readonly collector: Collector;
  readonly generator: RunningGenerator;
  readonly signal: AbortSignal;
  /** Told when the load starts. */
  readonly standstills: Pick<StandstillWatch, 'begin' | 'own'>;
  /** Meeting with trials that run at the same time; absent: it runs alone. */
  readonly meeting?: Meeting | undefined;
  /** Who decides while it runs; absent: all is planned. */
  readonly session?: DrivenSession | undefined;
}

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
