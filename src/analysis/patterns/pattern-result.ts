import { isAnswered } from '../../contracts/interactions.ts';
import type { LoadShape } from '../../kernel/load-shape.ts';
import { medianCapacityPerS } from '../../measure/figures/capacity.ts';
import type { Phase, Series } from '../../measure/figures/figures.ts';
import type { Use } from '../../plan/kinds/kind.ts';
import { isUsedFor } from '../../plan/kinds/kinds.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import { isMarkedAt } from '../../measure/validity/validity.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { isScenarioItself, isUnchanged } from '../../scenario/schema/unchanged.ts';
import { isWorkKnown } from './evidence.ts';
import type { PatternRecord, Result, Trial } from '../../record/record.ts';

type Variant = Scenario['variants'][number];

/** A pattern in the report: all its trials, by kind, and their merged latencies. */
export interface PatternResult {
  readonly record: PatternRecord;
  /** Title of the variant of these latency trials; null where the scenario has none, or where they mix all variants. */
  readonly variant: string | null;
  /** Unique name: `REST`, `REST, 10 kB`. */
  readonly name: string;
  /** Load of its latency trials. */
  readonly load: LoadShape;
  readonly deadlineMs: number;
  /** Event that ends the caller's wait: the service's reply, or the broker's confirm before the work is done. */
  readonly waitsFor: 'reply' | 'confirm';
  readonly trials: TrialsByUse;
  /** Series of the latency trials, one per round for the spread. */
  readonly series: Readonly<Record<SeriesKind, RoundedSeries>>;
}

/** Latencies of a phase that a pattern has over its rounds. */
export type SeriesKind = 'response' | 'completion' | 'firstCompletion' | 'firstItem' | 'itemJitter';

interface TrialsByUse {
  readonly latency: readonly Trial[];
  readonly serviceOutage: readonly Trial[];
  readonly brokerOutage: readonly Trial[];
  readonly idleBusy: readonly Trial[];
  readonly wireBytes: readonly Trial[];
  readonly closedLoop: readonly Trial[];
  /** Trials with the scenario's faults, and their controls. */
  readonly faulted: readonly Trial[];
  readonly noop: readonly Trial[];
  readonly failed: readonly Trial[];
  /** Planned trials that could not be run here, each with its reason. */
  readonly skipped: readonly Trial[];
}

export interface RoundedSeries {
  /** Planned calls of these rounds, including those that are in no series. */
  readonly planned: number;
  readonly merged: Series | null;
  readonly rounds: readonly Series[];
}

/** One entry per pattern. Where there are variants its latencies mix them: then use `variantResults`. */
export function patternResults(result: Result): PatternResult[] {
  return result.patterns.map((pattern) => patternResultOf(result, pattern, null));
}

/**
 * One entry per pattern as the scenario stands: without trials of variants that change it. The same as
 * `patternResults` where no unchanged variant was run.
 */
export function baseResults(result: Result): PatternResult[] {
  const { scenario, trials } = result;
  if (!variantsOf(result).some(isUnchanged)) return patternResults(result);
  return patternResults({
    ...result,
    trials: trials.filter(({ variant }) => isScenarioItself(scenario, variant)),
  });
}

/** Variants of the scenario that this run chose. */
export function variantsOf({ scenario, design: { order } }: Result): Variant[] {
  return scenario.variants.filter(({ id }) => order.some((entry) => entry.variant === id));
}

/**
 * One entry per pattern and variant, with the latency trials of that variant; without variants, the patterns
 * themselves.
 */
export function variantResults(result: Result): PatternResult[] {
  const variants = variantsOf(result);
  if (variants.length === 0) return patternResults(result);
  return result.patterns.flatMap((pattern) =>
    variants.map((variant) => patternResultOf(result, pattern, variant)),
  );
}

function patternResultOf(result: Result, pattern: PatternRecord, variant: Variant | null): PatternResult {
  const trials = result.trials.filter(
    (t) => t.pattern === pattern.id && (variant === null || t.variant === variant.id),
  );
  const done = (use: Use) => trials.filter((t) => isUsedFor(t.kind, use) && t.state === 'done');
  const latency = done('latency');
  const known = latency.filter(isWorkKnown);
  const own = result.scenario.patterns.find(({ id }) => id === pattern.id);
  return {
    record: pattern,
    variant: variant?.title ?? null,
    name: variant === null ? pattern.title : `${pattern.title}, ${variant.title}`,
    load: variant?.load ?? own?.load ?? result.scenario.load,
    deadlineMs: result.scenario.deadlineMs,
    waitsFor: isAnswered(pattern.interaction) ? 'reply' : 'confirm',
    trials: {
      latency,
      serviceOutage: done('service-coupling'),
      brokerOutage: done('broker-coupling'),
      idleBusy: done('variability'),
      wireBytes: done('traffic'),
      closedLoop: done('closed-loop'),
      faulted: [...done('control'), ...done('fault')],
      noop: done('baseline'),
      failed: trials.filter((t) => t.state === 'failed'),
      skipped: trials.filter((t) => t.state === 'skipped'),
    },
    series: {
      response: overRounds(latency, 'response'),
      completion: overRounds(known, 'completion'),
      firstCompletion: overRounds(known, 'firstCompletion'),
      firstItem: overRounds(latency, 'firstItem'),
      itemJitter: overRounds(latency, 'itemJitter'),
    },
  };
}

function overRounds(trials: readonly Trial[], kind: SeriesKind): RoundedSeries {
  const rounds = trials.flatMap((trial) => {
    const phases = trial.phases.flatMap((phase) => phase[kind] ?? []);
    return phases.length === 0 ? [] : [mergeSeries(phases)];
  });
  const planned = plannedOf(trials.flatMap((trial) => trial.phases));
  return { planned, merged: rounds.length === 0 ? null : mergeSeries(rounds), rounds };
}

export function plannedOf(phases: readonly Phase[]): number {
  return phases.reduce((n, phase) => n + phase.planned, 0);
}

/** Sent without asking for an acknowledgement. */
export function unconfirmedIn(phases: readonly Phase[]): number {
  return phases.reduce((n, phase) => n + phase.unconfirmed, 0);
}

/** The phase of each of these trials in which the service (or the broker) was down. */
export function outagePhases(trials: readonly Trial[]): Trial['phases'] {
  return trials.flatMap((trial) => trial.phases.filter((phase) => phase.name === 'outage'));
}

/** Results older than the field name a broker by its transport's folder. */
export function hasBroker({ brokers }: Result, { record }: PatternResult): boolean {
  return record.broker !== null || brokers.some((broker) => broker.name === record.transport);
}

/** All trials whose times count, without the no-op baseline. */
export function timedTrials(pattern: PatternResult): Trial[] {
  return [
    ...pattern.trials.latency,
    ...pattern.trials.serviceOutage,
    ...pattern.trials.brokerOutage,
    ...pattern.trials.idleBusy,
  ];
}

/** Whether dispatch lag is too large at this quantile of all rounds together. */
export function isMarked(trials: readonly Pick<Trial, 'phases'>[], quantile: number): boolean {
  return isMarkedAt(
    trials.flatMap(({ phases }) => phases),
    quantile,
  );
}

/** Every planned fault was injected, and its effect on the process observed. */
export function isFaultObserved({ faults }: Trial): boolean {
  return faults.length > 0 && faults.every((fault) => fault.injectedNs !== null && fault.observedNs !== null);
}

/**
 * The median of the rounds' closed loops in the warm-up, acknowledged or (for queues) done; null where none is known. Its
 * callers' waits bound it: it is no capacity.
 */
export function closedLoopPerS(pattern: PatternResult): number | null {
  return medianCapacityPerS(pattern.trials.latency.map(({ capacity }) => capacity));
}

/** Whether the guarantees are identical word for word: only then may patterns be ranked. */
export function sameGuarantee(patterns: readonly PatternResult[]): boolean {
  const promises = patterns.map(({ record: { guarantee: g } }) =>
    [g.acknowledgedBy, g.durableAgainst, g.delivery, g.order].join('|'),
  );
  return new Set(promises).size <= 1;
}
