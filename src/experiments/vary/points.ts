import {
  FAULT_FIGURES,
  faultsByTrial,
  finiteMedian,
  meanOf,
  recoveryMs,
  type ShareKind,
  successFromFault,
} from '../../analysis/compare/fault-figures.ts';
import { medianOfTrial, type TimeKind } from '../../analysis/compare/pair.ts';
import { isDoneByReply } from '../../analysis/patterns/evidence.ts';
import { mergeSeries, quantileUs } from '../../measure/figures/histogram.ts';
import { meanInterval } from '../../measure/stats/ratio.ts';
import type { PatternRecord, Result, Trial } from '../../record/record.ts';
import type { VaryRecord } from './record.ts';

/** What decides between values: shares are better when higher, times when lower. */
export type DecidingKind = ShareKind | TimeKind;

/** A pattern under one value of the setting. */
export interface VariedPoint {
  readonly value: number;
  readonly planned: number;
  readonly trials: VaryRecord['trials'];
  /** The deciding figure: a share, or µs of all rounds together. Null: no round has one. */
  readonly figure: number | null;
  /** The same by round. Rounds without one are absent. */
  readonly byRound: ReadonlyMap<number, number>;
  /** Of trials with faults, null where unknown: means over the rounds, of recovery the median (ms). */
  readonly faulted: Readonly<Record<FaultedFigure, number | null>>;
  readonly lost: number;
}

const FAULTED = ['success-in-fault', 'goodput-in-fault', 'amplification', 'wasted-work', 'recovery'] as const;
export type FaultedFigure = (typeof FAULTED)[number];

export interface VariedPattern {
  readonly pattern: PatternRecord;
  readonly kind: DecidingKind;
  readonly points: readonly VariedPoint[];
  readonly best: Best | null;
}

/** The value with the best figure, and which others cannot be told from it. */
export interface Best {
  readonly value: number;
  readonly figure: number;
  readonly alike: readonly number[];
  readonly worse: readonly number[];
}

export function variedPatterns(record: VaryRecord): VariedPattern[] {
  return record.patterns.map((pattern) => {
    const kind = kindOf(record, pattern);
    const points = record.design.values.map((value) => pointOf(record, pattern, { value, kind }));
    return { pattern, kind, points, best: bestOf(points, kind) };
  });
}

function kindOf({ design, trials }: VaryRecord, pattern: PatternRecord): DecidingKind {
  const own = trials.filter((trial) => trial.pattern === pattern.id);
  const isByReply = isDoneByReply(pattern) || own.some(({ evidence }) => evidence === 'none');
  if (design.kind === 'fault') return isByReply ? 'correct' : 'doneInTime';
  return isByReply ? 'response' : 'completion';
}

export function isShare(kind: DecidingKind): kind is ShareKind {
  return kind === 'correct' || kind === 'doneInTime';
}

function pointOf(
  record: VaryRecord,
  pattern: PatternRecord,
  { value, kind }: { readonly value: number; readonly kind: DecidingKind },
): VariedPoint {
  const trials = record.trials.filter((trial) => trial.value === value && trial.pattern === pattern.id);
  const done = trials.filter(({ state, validity }) => state === 'done' && validity.verdict !== 'incomplete');
  const used = done.flatMap((trial) => {
    const found = figureOfTrial(trial, kind);
    return found === null ? [] : [{ trial, found }];
  });
  const byRound = used.map(({ trial, found }) => [trial.round, found] as const);
  return {
    value,
    figure: figureOver(
      used.map(({ trial }) => trial),
      kind,
    ),
    planned: record.design.rounds,
    trials,
    byRound: new Map(byRound),
    faulted: faultedOf(record, pattern, value),
    lost: done.reduce((sum, { ledgers }) => sum + ledgers.reduce((n, { lost }) => n + lost, 0), 0),
  };
}

function figureOfTrial(trial: Trial, kind: DecidingKind): number | null {
  if (isShare(kind)) return successFromFault(trial, kind);
  const found = medianOfTrial(trial, kind);
  return found.state === 'usable' ? found.us : null;
}

/** Over rounds: shares have as many calls in each; a median is that of the merged histogram, never a mean of medians. */
function figureOver(trials: readonly Trial[], kind: DecidingKind): number | null {
  if (isShare(kind)) return meanOf(trials.flatMap((trial) => successFromFault(trial, kind) ?? []));
  const series = trials.flatMap(({ phases }) => phases.map((phase) => phase[kind]));
  return series.length === 0 ? null : quantileUs(mergeSeries(series), 0.5);
}

function faultedOf(record: VaryRecord, { id }: PatternRecord, value: number): VariedPoint['faulted'] {
  const seen = record.design.kind === 'fault' ? faultsByTrial(resultAt(record, value), id) : [];
  const means = FAULT_FIGURES.map(({ figure, of }) => [
    figure,
    meanOf(seen.flatMap(({ faults }) => of(faults) ?? [])),
  ]);
  return {
    ...(Object.fromEntries(means) as VariedPoint['faulted']),
    recovery: finiteMedian(seen.flatMap(recoveryMs)),
  };
}

/** The trials of one value as the result of a run. */
function resultAt(record: VaryRecord, at: number): Result {
  const own = record.trials.filter(({ value }) => value === at);
  const order = own.map(({ id, round, pattern, variant, kind, case: of }) => {
    return { id, round, pattern, variant, kind, case: of };
  });
  return { ...record, design: { order, calibration: null }, trials: own };
}

/** The error of all comparisons with the best together; divided among them (Bonferroni). */
const ERROR = 0.05;

/** Whether another value differs is decided by its differences in the same rounds, whose noise was the same. */
function bestOf(points: readonly VariedPoint[], kind: DecidingKind): Best | null {
  const known = points.filter(({ figure }) => figure !== null);
  const sign = isShare(kind) ? -1 : 1;
  const [best, ...others] = known.toSorted((a, b) => sign * (a.figure! - b.figure!));
  if (!best || others.length === 0) return null;
  const isWorse = (other: VariedPoint) => {
    const differences = [...other.byRound].flatMap(([round, value]) => {
      const beside = best.byRound.get(round);
      return beside === undefined ? [] : [sign * (scaled(value, kind) - scaled(beside, kind))];
    });
    const found = meanInterval(differences, 1 - ERROR / others.length);
    return found !== undefined && found.low > 0;
  };
  const valuesOf = (some: readonly VariedPoint[]) => some.map(({ value }) => value).toSorted((a, b) => a - b);
  return {
    value: best.value,
    figure: best.figure!,
    alike: valuesOf(others.filter((other) => !isWorse(other))),
    worse: valuesOf(others.filter(isWorse)),
  };
}

/** Times are compared as ratios. */
function scaled(value: number, kind: DecidingKind): number {
  return isShare(kind) ? value : Math.log(value);
}
