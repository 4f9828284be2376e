import { type Knee, kneeOf } from '../../measure/stats/knee.ts';
import { NS_PER_S } from '../../kernel/clock.ts';
import type { Phase, Series } from '../../measure/figures/figures.ts';
import { mergeSeries, quantileUs } from '../../measure/figures/histogram.ts';
import { type QuantileCell, quantileCell } from '../../measure/figures/percentile.ts';
import { isDoneByReply } from '../../analysis/patterns/evidence.ts';
import { assessRate, type LimitingFactor, mainLimitOf } from '../search/rate-assessment.ts';
import type { PatternRecord } from '../../record/record.ts';
import { isMarked } from '../../analysis/patterns/pattern-result.ts';
import type { Objective, Sweep, SweepFigure, SweepTrial } from './record.ts';

/**
 * sustained: valid and sustained. saturated: valid, and not sustained: its latencies are those of a growing backlog.
 * unmeasured: no trial is valid (generator-bound, disturbed, incomplete): marked, and never used.
 */
type PointState = 'sustained' | 'saturated' | 'unmeasured';

/** All rounds of one pattern at one rate. */
export interface SweepPoint {
  readonly ratePerS: number;
  readonly state: PointState;
  /** The limit met by most of its trials. */
  readonly limit: LimitingFactor | null;
  readonly why: string | null;
  readonly trials: number;
  /** Valid trials; the figures are theirs. */
  readonly valid: readonly SweepTrial[];
  /** Goodput per second of intended time; null where nothing is valid. */
  readonly goodputPerS: number | null;
  readonly growthPerS: number | null;
}

export interface SweptPattern {
  readonly pattern: PatternRecord;
  /** The latency that is shown: of the reply for patterns that answer, else of the work. */
  readonly figure: SweepFigure;
  /** Ascending. */
  readonly points: readonly SweepPoint[];
  readonly knee: Knee;
}

export function sweptPatterns(record: Sweep): SweptPattern[] {
  return record.patterns.map((pattern) => {
    const own = record.trials.filter((trial) => trial.pattern === pattern.id);
    const rates = [...new Set(own.map(({ ratePerS }) => ratePerS))].toSorted((a, b) => a - b);
    const figure = figureOf(pattern, own);
    const points = rates.map((ratePerS) =>
      pointOf(
        ratePerS,
        own.filter((trial) => trial.ratePerS === ratePerS),
        figure,
      ),
    );
    return { pattern, figure, points, knee: kneeIn(points, figure, record.design.quantile) };
  });
}

/** Of a target, only replies and confirms may be known. */
function figureOf(pattern: PatternRecord, trials: readonly SweepTrial[]): SweepFigure {
  const isObserved = trials.every(({ evidence, state }) => evidence !== 'none' || state === 'failed');
  return isDoneByReply(pattern) || !isObserved ? 'response' : 'completion';
}

/** A rate is sustained where most rounds sustained it: one of two is not enough. */
function stateOf(valid: number, saturated: number): SweepPoint['state'] {
  if (valid === 0) return 'unmeasured';
  return 2 * saturated >= valid ? 'saturated' : 'sustained';
}

function pointOf(ratePerS: number, trials: readonly SweepTrial[], figure: SweepFigure): SweepPoint {
  const valid = trials.filter(({ validity }) => validity.verdict === 'valid');
  const saturated = valid.map(assessRate).filter(({ verdict }) => verdict === 'not-sustained');
  const state = stateOf(valid.length, saturated.length);
  const blamed = { sustained: [], saturated, unmeasured: trials.map(assessRate) }[state];
  const growths = valid.flatMap(({ backlogGrowth }) => backlogGrowth?.perS ?? []);
  return {
    ratePerS,
    state,
    ...mainLimitOf(blamed),
    trials: trials.length,
    valid,
    goodputPerS: valid.length === 0 ? null : goodputOf(valid, figure),
    growthPerS: growths.length === 0 ? null : growths.reduce((a, b) => a + b, 0) / growths.length,
  };
}

/** Goodput per second of intended time. */
function goodputOf(trials: readonly SweepTrial[], figure: SweepFigure): number {
  const phases = trials.flatMap((trial) => trial.phases);
  const sum = (of: (phase: Phase) => number) => phases.reduce((total, phase) => total + of(phase), 0);
  const good = sum(({ doneInTime, correct }) => (figure === 'completion' ? doneInTime : correct));
  return good / (sum(({ fromNs, toNs }) => toNs - fromNs) / NS_PER_S);
}

/** A figure of a point, if it may be printed; undefined where there is none of it, or it is marked. */
export function cellOf(point: SweepPoint, figure: SweepFigure, quantile: number): QuantileCell | undefined {
  if (isMarked(point.valid, quantile)) return undefined;
  const all = seriesOf(point, figure);
  return all.length === 0 ? undefined : quantileCell(mergeSeries(all), quantile);
}

/** One series per valid round. */
export function seriesOf(point: SweepPoint, figure: SweepFigure): Series[] {
  return point.valid.flatMap((trial) => {
    if (figure === 'completion' && trial.evidence === 'none') return [];
    return trial.phases.map((phase) => phase[figure]);
  });
}

/** Us; undefined where it is inconclusive. */
export function delayUs(point: SweepPoint, figure: SweepFigure, quantile: number): number | undefined {
  const cell = cellOf(point, figure, quantile);
  return cell?.state === 'known' ? cell.valueUs : undefined;
}

/**
 * Subtle: the tail of a backlog that grows to the end comes from few intervals, and may not be printed. As it is, it is
 * a lower bound, since a longer trial's would be longer: that it is past the knee needs no more.
 */
function kneeIn(points: readonly SweepPoint[], figure: SweepFigure, quantile: number): Knee {
  return kneeOf(
    points.flatMap((point) => {
      const us = delayUs(point, figure, quantile) ?? backlogUs(point, figure, quantile);
      if (us === undefined || point.goodputPerS === null) return [];
      return [{ ratePerS: point.ratePerS, throughputPerS: point.goodputPerS, delayUs: us }];
    }),
  );
}

function backlogUs(point: SweepPoint, figure: SweepFigure, quantile: number): number | undefined {
  const isUsable = point.state === 'saturated' && !isMarked(point.valid, quantile);
  const all = isUsable ? seriesOf(point, figure) : [];
  return all.length === 0 ? undefined : (quantileUs(mergeSeries(all), quantile) ?? undefined);
}

/** The highest rate that meets the objective where no lower one misses it. */
export interface Met {
  readonly metPerS: number | null;
  /** The lowest rate that misses it. */
  readonly missedPerS: number | null;
  /** The figure at the rate that misses it; null where that is saturated. */
  readonly missedUs: number | null;
}

export function metBy({ points }: SweptPattern, objective: Objective): Met {
  const looked = points.map((point) => ({ point, meets: meets(point, objective) }));
  const missed = looked.find((one) => one.meets === false)?.point;
  const met = looked.filter((one) => one.meets && one.point.ratePerS < (missed?.ratePerS ?? Infinity));
  return {
    metPerS: met.at(-1)?.point.ratePerS ?? null,
    missedPerS: missed?.ratePerS ?? null,
    missedUs: missed?.state === 'sustained' ? delayUs(missed, objective.figure, objective.quantile)! : null,
  };
}

/** Undefined: inconclusive. A saturated rate meets nothing, however short the trial was. */
function meets(
  point: SweepPoint,
  { figure, quantile, limitUs, isInclusive }: Objective,
): boolean | undefined {
  if (point.state === 'unmeasured') return undefined;
  if (point.state === 'saturated') return false;
  const us = delayUs(point, figure, quantile);
  if (us === undefined) return undefined;
  return us < limitUs || (isInclusive && us === limitUs);
}

/** The lowest rate at which a pattern was saturated, whatever it was at a rate above; one that it fails at any rate is none. */
export function saturatedFrom({ points }: SweptPattern): number | undefined {
  return points.find(({ state, limit }) => state === 'saturated' && limit !== 'failing')?.ratePerS;
}

/** The highest sustained rate below the lowest that was not. */
export function sustainedUpTo(pattern: SweptPattern): number | undefined {
  const from = pattern.points.find(({ state }) => state === 'saturated')?.ratePerS ?? Infinity;
  return pattern.points.findLast(({ state, ratePerS }) => state === 'sustained' && ratePerS < from)?.ratePerS;
}
