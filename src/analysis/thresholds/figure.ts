import { isStream } from '../../contracts/interactions.ts';
import { NS_PER_MS, NS_PER_S } from '../../kernel/clock.ts';
import type { Ledger, Phase, Series } from '../../measure/figures/figures.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import { quantileCell, type QuantileCell } from '../../measure/figures/percentile.ts';
import type { Recovery } from '../../measure/hops/health.ts';
import { THRESHOLD_FIGURES, type ThresholdFigure } from '../../scenario/schema/threshold-figures.ts';
import type { Threshold } from '../../scenario/schema/threshold.ts';
import type { PatternRecord, Trial } from '../../record/record.ts';
import type { Coded } from '../coded.ts';
import type { FigureUnit } from '../finding.ts';
import { countOf as outcomesOf } from '../patterns/outcomes.ts';
import { isMarked, plannedOf } from '../patterns/pattern-result.ts';

/**
 * A figure as far as it is known, in the unit of its threshold's limit: the true value lies between `low` and `high`.
 * Infinity: longer than any measured time.
 */
export interface ThresholdFound {
  readonly low: number;
  readonly high: number;
  readonly unit: FigureUnit;
  readonly detail: FoundDetail;
  /** Its bounds where calls met noise; default: it may be of any better value. */
  readonly inNoise?: { readonly low: number; readonly high: number };
  /** Why it is only a bound: worse than the true value, if anything. */
  readonly whyBound?: FigureUnknown;
}

/** Details that the figure alone does not show. */
export type FoundDetail =
  | Coded<'exact'>
  | { readonly code: 'failures'; readonly failed: number; readonly planned: number }
  /** A percentile that falls among the calls without a reply, or never done. */
  | { readonly code: 'never'; readonly missing: number; readonly planned: number }
  | { readonly code: 'recovery'; readonly recovery: Recovery };

/** Reason why a figure is unknown. */
export interface ThresholdMissing {
  readonly reason: FigureUnknown;
}

export type FigureUnknown =
  | { readonly code: 'generator-late'; readonly quantile: number }
  | { readonly code: 'needs-samples'; readonly quantile: number; readonly cell: NeedsCell }
  | Coded<
      | 'no-fault'
      | 'acceptance-only'
      | 'no-confirm'
      | 'no-stream'
      | 'nothing-sent'
      | 'no-health'
      | 'recovery-unseen'
      | 'health-unjudged'
    >;

type NeedsCell = Extract<QuantileCell, { state: 'needs' }>;

/** Complete trials of one pattern, and the figure that is required. */
interface Asked {
  readonly threshold: Threshold;
  readonly pattern: PatternRecord;
  readonly trials: readonly Trial[];
}

/** All figures except recovery, from all rounds together. */
export function thresholdFigureOf(asked: Asked): ThresholdFound | ThresholdMissing {
  const { figure } = asked.threshold;
  if (OF_ANSWERS.includes(figure) && isUnconfirmed(asked.trials)) return NO_ANSWER;
  switch (figure) {
    case 'response':
    case 'completion':
    case 'first-item':
      return percentileOf(asked, figure);
    case 'goodput':
      return rateOf(asked.trials, 'correct');
    case 'done-in-time':
      return rateOf(logged(asked.trials), 'doneInTime');
    case 'failures':
      return failuresOf(asked.trials);
    case 'lost':
    case 'duplicates':
    case 'phantom':
    case 'out-of-order':
    case 'dead-lettered':
      return countOf(asked.trials, COUNTS[figure]);
    case 'recovery':
      return { reason: { code: 'no-fault' } };
  }
}

const NO_LOG: ThresholdMissing = { reason: { code: 'acceptance-only' } };

const OF_ANSWERS: readonly ThresholdFigure[] = ['response', 'goodput', 'failures'];
const NO_ANSWER: ThresholdMissing = { reason: { code: 'no-confirm' } };

/** Sent over a transport without confirms: neither late nor a failure. */
function isUnconfirmed(trials: readonly Trial[]): boolean {
  const phases = trials.flatMap((trial) => trial.phases);
  return outcomesOf(phases, 'ok') > 0 && sum(phases, ({ response }) => response.count) === 0;
}

/** Trials with evidence of completed work. */
function logged(trials: readonly Trial[]): Trial[] {
  return trials.filter(({ evidence }) => evidence !== 'none');
}

const SERIES = { response: 'response', completion: 'completion', 'first-item': 'firstItem' } as const;

/**
 * A percentile of all planned calls: one without a reply, or never done, took longer than any other. The tables'
 * percentiles exclude such calls.
 */
function percentileOf(
  { threshold, pattern, trials }: Asked,
  figure: keyof typeof SERIES,
): ThresholdFound | ThresholdMissing {
  const of = figure === 'completion' ? logged(trials) : trials;
  if (of.length === 0) return NO_LOG;
  const phases = of.flatMap((trial) => trial.phases);
  const all = phases.flatMap((phase) => phase[SERIES[figure]] ?? []);
  if (all.length === 0) return { reason: { code: 'no-stream' } };
  const quantile = threshold.quantile!;
  const each = figure === 'first-item' && !isStream(pattern.interaction) ? pattern.subscribers : 1;
  const found = amongPlanned(mergeSeries(all), { quantile, planned: plannedOf(phases) * each });
  if (!isMarked(of, quantile)) return found;
  return asBound(found, threshold, { code: 'generator-late', quantile });
}

/** Shares of whole numbers this near to 1 differ by rounding only. */
const ROUNDING = 1e-9;

function amongPlanned(
  series: Series,
  { quantile, planned }: { readonly quantile: number; readonly planned: number },
): ThresholdFound | ThresholdMissing {
  if (planned === 0) return { reason: { code: 'nothing-sent' } };
  // Missing calls rank last, so the same rank is a higher quantile of the others.
  const own = (quantile * planned) / series.count;
  if (!(own <= 1 + ROUNDING)) {
    const missing = planned - series.count;
    return { low: Infinity, high: Infinity, unit: 'us', detail: { code: 'never', missing, planned } };
  }
  const cell = quantileCell(series, Math.min(1, own));
  if (cell.state === 'needs') return { reason: { code: 'needs-samples', quantile, cell } };
  return exactly(cell.valueUs / 1000, 'us');
}

function rateOf(
  trials: readonly Trial[],
  count: 'correct' | 'doneInTime',
): ThresholdFound | ThresholdMissing {
  if (trials.length === 0) return NO_LOG;
  const phases = trials.flatMap((trial) => trial.phases);
  const ns = phases.reduce((n, phase) => n + phase.toNs - phase.fromNs, 0);
  if (ns === 0) return { reason: { code: 'nothing-sent' } };
  const perS = (calls: number) => (calls * NS_PER_S) / ns;
  const low = perS(sum(phases, (phase) => phase[count]));
  if (count === 'doneInTime') return exactly(low, 'per-s');
  return {
    ...exactly(low, 'per-s'),
    inNoise: { low, high: perS(plannedOf(phases) - failedForGood(phases)) },
  };
}

function failuresOf(trials: readonly Trial[]): ThresholdFound | ThresholdMissing {
  const phases = trials.flatMap((trial) => trial.phases);
  const planned = plannedOf(phases);
  if (planned === 0) return { reason: { code: 'nothing-sent' } };
  const failed = planned - sum(phases, (phase) => phase.correct);
  const high = failed / planned;
  const detail = { code: 'failures', failed, planned } as const;
  return { ...exactly(high, 'share'), detail, inNoise: { low: failedForGood(phases) / planned, high } };
}

/** Failures that no noise causes, as time-outs and late replies may be. */
function failedForGood(phases: readonly Phase[]): number {
  return outcomesOf(phases, 'error') + outcomesOf(phases, 'contract-broken');
}

type CountFigure = {
  [Name in ThresholdFigure]: (typeof THRESHOLD_FIGURES)[Name]['kind'] extends 'count' ? Name : never;
}[ThresholdFigure];

const COUNTS: Readonly<Record<CountFigure, (ledger: Ledger) => number>> = {
  lost: ({ lost }) => lost,
  duplicates: ({ duplicates }) => duplicates,
  phantom: ({ phantom }) => phantom,
  'out-of-order': ({ outOfOrder }) => outOfOrder,
  'dead-lettered': ({ accepted, refused, unknown }) =>
    accepted.deadLettered + refused.deadLettered + unknown.deadLettered,
};

function countOf(
  trials: readonly Trial[],
  pick: (ledger: Ledger) => number,
): ThresholdFound | ThresholdMissing {
  const known = logged(trials);
  if (known.length === 0) return NO_LOG;
  const count = sum(
    known.flatMap((trial) => trial.ledgers),
    pick,
  );
  return exactly(count, 'count');
}

/**
 * A figure that late or disturbed calls are in: the true one is no worse. A recovery is relative to a control, which may
 * be disturbed as well, so it is no bound.
 */
export function asBound(
  found: ThresholdFound | ThresholdMissing,
  { figure }: Threshold,
  whyBound?: FigureUnknown,
): ThresholdFound | ThresholdMissing {
  if ('reason' in found) return found;
  const why = whyBound === undefined ? {} : { whyBound };
  switch (THRESHOLD_FIGURES[figure].kind) {
    case 'percentile':
      return { ...found, low: 0, ...why };
    case 'share':
      return { ...found, low: 0, ...found.inNoise, ...why };
    case 'rate':
      return { ...found, high: Infinity, ...found.inNoise, ...why };
    case 'time':
      return { ...found, low: 0, high: Infinity, ...why };
    case 'count':
      return found;
  }
}

function exactly(value: number, unit: FigureUnit): ThresholdFound {
  return { low: value, high: value, unit, detail: { code: 'exact' } };
}

function sum<T extends Phase | Ledger>(all: readonly T[], pick: (one: T) => number): number {
  return all.reduce((n, one) => n + pick(one), 0);
}

/** The figure in the unit of report cells; the measured end of a bound. */
export function cellValue({ low, high, unit }: ThresholdFound): number | null {
  const measured = unit === 'per-s' ? low : high;
  if (!Number.isFinite(measured)) return null;
  return unit === 'us' ? (measured * NS_PER_MS) / 1000 : measured;
}
