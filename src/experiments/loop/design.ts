import type { BrokerIdentity } from '../../kernel/transport.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import type { Entry } from '../../plan/entry.ts';
import type { ExperimentRecord, Trial } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { MissingBroker } from '../../trial/environment/broker-set.ts';
import type { Testbed } from '../../trial/environment/testbed.ts';
import type { TrialLabel } from '../../trial/progress.ts';

/**
 * An experiment as `runDesign` runs it: which trials, in which order, by what the earlier ones brought.
 * @template D what of it stands in the record beside the trials
 * @template P the place of a trial in it, as fields of the recorded trial
 */
export interface Design<D, P extends object> {
  /** Its folder's name. */
  readonly experiment: string;
  readonly scenario: Scenario;
  /** All that it asks for, whether their brokers can be had or not. */
  readonly patterns: readonly ResolvedPattern[];
  readonly needed: readonly BrokerIdentity[];
  readonly design: D;
  /** `About 3 min for 14 trials (seed 7)` */
  readonly estimate?: string;
  /** After it no further step should begin; counted from when the brokers are up. Absent: there is no such time. */
  readonly budgetMs?: number;
  /** What is done beside the fetching of brokers. */
  readonly meanwhile?: ((testbed: Testbed) => AsyncDisposable) | undefined;
  /** @throws CommbenchError where nothing could be said without these brokers */
  checkMissing?(missing: DesignStage<D, P>['missing']): void;
  /** Steps, one after the other; each is answered with its trials as they stand in the record. */
  steps(stage: DesignStage<D, P>): Steps<P>;
  /** Whether all that was asked for is there. Absent: no trial failed. */
  isWhole?(record: ExperimentRecord<D, P>): boolean;
}

export type Steps<P extends object> = AsyncGenerator<DesignStep<P>, void, readonly (Trial & P)[]>;

/** Trials that run at once: one, as a rule. */
export interface DesignStep<P extends object> {
  readonly trials: readonly PlannedTrial<P>[];
  /** Of all of them together; absent: that of the first. */
  readonly label?: TrialLabel;
}

export interface PlannedTrial<P extends object> {
  readonly spec: TrialSpec | SkippedSpec;
  readonly place: P;
  readonly label: TrialLabel;
  /** What is said of it when it is over; absent: its validity and its load. */
  summaryOf?(trial: Trial): string;
}

/** A trial that is planned and can not be run here. */
export interface SkippedSpec {
  readonly entry: Entry;
  readonly pattern: ResolvedPattern;
  /** In words. */
  readonly skipped: string;
}

/** Where steps are made: everything is started, and nothing measured yet. */
export interface DesignStage<D, P extends object> {
  readonly testbed: Testbed;
  readonly record: ExperimentRecord<D, P>;
  /** Those whose brokers are there. */
  readonly patterns: readonly ResolvedPattern[];
  /** Brokers that can't be had, by name. */
  readonly missing: ReadonlyMap<string, MissingBroker>;
  /** What is left of the budget, in ms. */
  readonly leftMs: () => number;
}

/** One trial as a step. */
export function single<P extends object>(trial: PlannedTrial<P>): DesignStep<P> {
  return { trials: [trial] };
}
