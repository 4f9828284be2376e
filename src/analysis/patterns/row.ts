import { isAnswered } from '../../contracts/interactions.ts';
import type { LoadShape } from '../../kernel/load-shape.ts';
import type { Series } from '../../measure/figures/figures.ts';
import type { Use } from '../../plan/kinds/kind.ts';
import { isUsedFor } from '../../plan/kinds/kinds.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import { JUDGED_QUANTILES } from '../../measure/validity/judgement.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { isWorkKnown } from './evidence.ts';
import type { PatternRecord, Result, Trial } from '../../record/record.ts';

type Variant = Scenario['variants'][number];

/** One row of the report: all trials of a pattern, by kind, and their merged latencies. */
export interface ResultRow {
  readonly pattern: PatternRecord;
  /** Title of the variant whose latency trials these are; null where the scenario has none, and for all of them. */
  readonly variant: string | null;
  /** What tells it from every other row: `REST`, `REST, 10 kB`. */
  readonly name: string;
  /** Of its latency trials. */
  readonly load: LoadShape;
  readonly deadlineMs: number;
  /** What ends the caller's wait: the callee's reply, or the broker's confirm before the work is done. */
  readonly waitsFor: 'reply' | 'confirm';
  readonly latency: readonly Trial[];
  readonly outage: readonly Trial[];
  readonly middle: readonly Trial[];
  readonly idle: readonly Trial[];
  readonly count: readonly Trial[];
  /** With the scenario's faults, and their controls. */
  readonly faulted: readonly Trial[];
  readonly floor: readonly Trial[];
  readonly failed: readonly Trial[];
  /** Planned, but not to be run here: each says why. */
  readonly skipped: readonly Trial[];
  /** Of the latency trials; one series per round, for the spread. */
  readonly response: RoundedSeries;
  readonly completion: RoundedSeries;
  readonly firstCompletion: RoundedSeries;
  readonly firstItem: RoundedSeries;
  readonly itemJitter: RoundedSeries;
}

/** Latencies of a phase that a row has over its rounds. */
export type SeriesKind = 'response' | 'completion' | 'firstCompletion' | 'firstItem' | 'itemJitter';

export interface RoundedSeries {
  /** Calls of these rounds, those that are in no series included. */
  readonly planned: number;
  readonly merged: Series | null;
  readonly rounds: readonly Series[];
}

/** A row per pattern. Where there are variants its latencies mix them: then look at `linesOf`. */
export function rowsOf(result: Result): ResultRow[] {
  return result.patterns.map((pattern) => rowOf(result, pattern, null));
}

/** Those of the scenario that were to run: a run may choose among them. */
export function variantsOf({ scenario, design: { order } }: Result): Variant[] {
  return scenario.variants.filter(({ id }) => order.some((entry) => entry.variant === id));
}

/** A row per pattern and variant, with the latency trials of that variant alone; without variants, the rows themselves. */
export function linesOf(result: Result): ResultRow[] {
  const variants = variantsOf(result);
  if (variants.length === 0) return rowsOf(result);
  return result.patterns.flatMap((pattern) => variants.map((variant) => rowOf(result, pattern, variant)));
}

function rowOf(result: Result, pattern: PatternRecord, variant: Variant | null): ResultRow {
  const trials = result.trials.filter(
    (t) => t.pattern === pattern.id && (variant === null || t.variant === variant.id),
  );
  const done = (use: Use) => trials.filter((t) => isUsedFor(t.kind, use) && t.state === 'done');
  const latency = done('latency');
  const known = latency.filter(isWorkKnown);
  const own = result.scenario.patterns.find(({ id }) => id === pattern.id);
  return {
    pattern,
    variant: variant?.title ?? null,
    name: variant === null ? pattern.title : `${pattern.title}, ${variant.title}`,
    load: variant?.load ?? own?.load ?? result.scenario.load,
    deadlineMs: result.scenario.deadlineMs,
    waitsFor: isAnswered(pattern.interaction) ? 'reply' : 'confirm',
    latency,
    outage: done('service-coupling'),
    middle: done('broker-coupling'),
    idle: done('variability'),
    count: done('traffic'),
    faulted: [...done('control'), ...done('fault')],
    floor: done('baseline'),
    failed: trials.filter((t) => t.state === 'failed'),
    skipped: trials.filter((t) => t.state === 'skipped'),
    response: overRounds(latency, 'response'),
    completion: overRounds(known, 'completion'),
    firstCompletion: overRounds(known, 'firstCompletion'),
    firstItem: overRounds(latency, 'firstItem'),
    itemJitter: overRounds(latency, 'itemJitter'),
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

export function plannedOf(phases: Trial['phases']): number {
  return phases.reduce((n, phase) => n + phase.planned, 0);
}

/** The phase in which the callee (or the broker) was away, of each of these trials. */
export function outagePhases(trials: readonly Trial[]): Trial['phases'] {
  return trials.flatMap((trial) => trial.phases.filter((phase) => phase.name === 'outage'));
}

/** In results from before it was noted, a broker bears the name of its transport's folder. */
export function hasBroker({ brokers }: Result, { pattern }: ResultRow): boolean {
  return pattern.broker !== null || brokers.some((broker) => broker.name === pattern.transport);
}

/** All trials whose times are looked at; the floor apart. */
export function timedTrials(row: ResultRow): Trial[] {
  return [...row.latency, ...row.outage, ...row.middle, ...row.idle];
}

/** Its measurement can be relied on in every trial of that kind. */
export function isValid(trials: readonly Trial[]): boolean {
  return trials.length > 0 && trials.every((t) => t.measurement.verdict === 'valid');
}

/**
 * Dispatch lag is too large at this quantile in at least one round: of one that is not judged itself, at the next
 * higher one that is, or else at the highest.
 */
export function isMarked(trials: readonly Pick<Trial, 'measurement'>[], quantile: number): boolean {
  const judged = JUDGED_QUANTILES.find((q) => q >= quantile) ?? JUDGED_QUANTILES.at(-1)!;
  return trials.some((t) => t.measurement.boundQuantiles.includes(judged));
}

/** Every planned fault was injected, and its effect on the process observed. */
export function isFaultSeen({ faults }: Trial): boolean {
  return faults.length > 0 && faults.every((fault) => fault.injectedNs !== null && fault.observedNs !== null);
}

/** The weakest of the rounds' ceilings, as acknowledged or (for queues) as done: null where none is known. */
export function ceilingPerS(row: ResultRow): number | null {
  const known = row.latency.flatMap(({ ceiling }) => {
    const both = [ceiling.acknowledgedPerS, ceiling.donePerS].filter((n) => n !== null);
    return both.length === 0 ? [] : [Math.min(...both)];
  });
  return known.length === 0 ? null : Math.min(...known);
}

/** Guarantees are the same promise, word for word: only then may rows be ranked. */
export function sameGuarantee(rows: readonly ResultRow[]): boolean {
  const promises = rows.map(({ pattern: { guarantee: g } }) =>
    [g.acknowledgedBy, g.durableAgainst, g.delivery, g.order].join('|'),
  );
  return new Set(promises).size <= 1;
}
