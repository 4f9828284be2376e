import type { BrokerIdentity } from '../../kernel/transport.ts';
import type { Entry, ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import type { ExperimentRecord, Trial } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { MissingBroker } from '../../trial/environment/broker-set.ts';
import type { Testbed } from '../../trial/environment/testbed.ts';
import type { TrialLabel } from '../../trial/progress.ts';
import type { DrivenSession } from '../../trial/drive-parts.ts';

/**
 * An experiment as `runDesign` runs it: its trials and their order, which may depend on earlier outcomes.
 * @template D its part of the record, beside the trials
 * @template P the place of a trial in it, as fields of the recorded trial
 */
export interface Design<D, P extends object> {
  /** Its folder's name. */
  readonly experiment: string;
  readonly scenario: Scenario;
  /** All patterns asked for, whether their brokers are available or not. */
  readonly patterns: readonly ResolvedPattern[];
  readonly needed: readonly BrokerIdentity[];
  readonly design: D;
  /** `About 3 min for 14 trials (seed 7)` */
  readonly estimate?: string;
  /** The same in seconds, for a design without a budget. */
  readonly seconds?: number;
  /** Time limit for starting steps, counted from when the brokers are up. Absent: none. */
  readonly budgetMs?: number;
  /** Runs while brokers are fetched. */
  readonly meanwhile?: ((testbed: Testbed) => AsyncDisposable) | undefined;
  /** @throws CommbenchError where the experiment makes no sense without these brokers */
  checkMissing?(missing: DesignStage<D, P>['missing']): void;
  /** Steps, one after the other; each is answered with its trials as they stand in the record. */
  steps(stage: DesignStage<D, P>): Steps<P>;
  /** Whether the record is complete. Absent: it is if no trial failed. */
  isWhole?(record: ExperimentRecord<D, P>): boolean;
}

export type Steps<P extends object> = AsyncGenerator<DesignStep<P>, void, readonly (Trial & P)[]>;

/** Trials that run at once: one, as a rule. */
export interface DesignStep<P extends object> {
  readonly trials: readonly PlannedTrial<P>[];
  /** Label of all trials together; absent: that of the first. */
  readonly label?: TrialLabel;
}

export interface PlannedTrial<P extends object> {
  readonly spec: TrialSpec | SkippedSpec;
  readonly place: P;
  readonly label: TrialLabel;
  /** Who decides on it while it runs; absent: it is planned. */
  readonly session?: DrivenSession;
  /** Text for its end; absent: validity and load verdict. */
  summaryOf?(trial: Trial): string;
}

/** A planned trial that cannot be run here. */
export interface SkippedSpec {
  readonly entry: Entry;
  readonly pattern: ResolvedPattern;
  /** The reason, in words. */
  readonly skipped: string;
}

/** State in which steps are planned: everything is started. */
export interface DesignStage<D, P extends object> {
  readonly testbed: Testbed;
  readonly record: ExperimentRecord<D, P>;
  /** Patterns whose brokers are available. */
  readonly patterns: readonly ResolvedPattern[];
  /** Unavailable brokers, by name. */
  readonly missing: ReadonlyMap<string, MissingBroker>;
  /** Remaining budget, in ms. */
  readonly leftMs: () => number;
}

/** One trial as a step. */
export function single<P extends object>(trial: PlannedTrial<P>): DesignStep<P> {
  return { trials: [trial] };
}
