import type { StartedComponent } from '../kernel/component.ts';
import type { FaultTarget } from '../kernel/fault-target.ts';
import type { Schedule } from '../measure/schedule.ts';
import type { TrialSpec } from '../plan/spec.ts';
import type { Collector } from './collector.ts';
import type { SystemUnderTest } from './environment/system-under-test.ts';
import type { RunningGenerator } from './environment/generator-run.ts';
import type { Testbed } from './environment/testbed.ts';
import type { Meeting } from './meeting.ts';
import type { DrivenSession } from './session/driven-session.ts';
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
