import { type Knee, kneeOf } from '../../measure/stats/knee.ts';
import { NS_PER_S } from '../../kernel/clock.ts';
import type { Phase, Series } from '../../measure/figures/figures.ts';
import { mergeSeries, quantileUs } from '../../measure/figures/histogram.ts';
import { type QuantileCell, quantileCell } from '../../measure/figures/percentile.ts';
import { isDoneByReply } from '../../analysis/patterns/evidence.ts';
import { type LimitingFactor, type RateAssessment, assessRate } from '../search/rate-assessment.ts';
import type { PatternRecord } from '../../record/record.ts';
import { isMarked } from '../../analysis/patterns/pattern-result.ts';
import type { Objective, Sweep, SweepFigure, SweepTrial } from './record.ts';

/**
 * kept: valid, and kept up with. saturated: valid, and not: a finding, whose latencies are those of a growing backlog.
 * unmeasured: no trial is valid (generator-bound, disturbed, incomplete): marked, and never used.
 */
export type PointState = 'sustained' | 'saturated' | 'unmeasured';

/** All rounds of one row at one rate. */
export interface SweepPoint {
  readonly ratePerS: number;
  readonly state: PointState;
  /** Why not kept, by most of its trials. */
  readonly limit: LimitingFactor | null;
  readonly why: string | null;
  readonly trials: number;
  /** Those whose measurement is valid: the figures are theirs. */
  readonly valid: readonly SweepTrial[];
  /** Done as it should be, per second of intended time; null where nothing is valid. */
  readonly goodputPerS: number | null;
  readonly growthPerS: number | null;
}

export interface SweptPattern {
  readonly pattern: PatternRecord;
  /** What its latency is: the reply's of rows that answer, else the work's. */
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

/** Of a target nothing may be known but its replies and confirms. */
function figureOf(pattern: PatternRecord, trials: readonly SweepTrial[]): SweepFigure {
  const isObserved = trials.every(({ evidence, state }) => evidence !== 'none' || state === 'failed');
  return isDoneByReply(pattern) || !isObserved ? 'response' : 'completion';
}

/** A rate is kept where most rounds kept it: one of two is not enough to claim it. */
function stateOf(valid: number, saturated: number): SweepPoint['state'] {
  if (valid === 0) return 'unmeasured';
  return 2 * saturated >= valid ? 'saturated' : 'sustained';
}

function pointOf(ratePerS: number, trials: readonly SweepTrial[], figure: SweepFigure): SweepPoint {
  const valid = trials.filter(({ validity }) => validity.verdict === 'valid');
  const saturated = looksAt(valid).filter(({ limit }) => limit === 'saturated');
  const state = stateOf(valid.length, saturated.length);
  const blamed = { sustained: [], saturated, unmeasured: looksAt(trials) }[state];
  const limit = mostOf(blamed.flatMap((look) => look.limit ?? []));
  const growths = valid.flatMap(({ backlogGrowth }) => backlogGrowth?.perS ?? []);
  return {
    ratePerS,
    state,
    limit,
    why: blamed.find((look) => look.limit === limit)?.why ?? null,
    trials: trials.length,
    valid,
    goodputPerS: valid.length === 0 ? null : goodputOf(valid, figure),
    growthPerS: growths.length === 0 ? null : growths.reduce((a, b) => a + b, 0) / growths.length,
  };
}

function looksAt(trials: readonly SweepTrial[]): RateAssessment[] {
  return trials.map(assessRate);
}

/** Done as it should be, per second of intended time. */
function goodputOf(trials: readonly SweepTrial[], figure: SweepFigure): number {
  const phases = trials.flatMap((trial) => trial.phases);
  const sum = (of: (phase: Phase) => number) => phases.reduce((total, phase) => total + of(phase), 0);
  const good = sum(({ doneInTime, correct }) => (figure === 'completion' ? doneInTime : correct));
  return good / (sum(({ fromNs, toNs }) => toNs - fromNs) / NS_PER_S);
}

function mostOf(limits: readonly LimitingFactor[]): LimitingFactor | null {
  const count = (limit: LimitingFactor) => limits.filter((one) => one === limit).length;
  return limits.toSorted((a, b) => count(b) - count(a))[0] ?? null;
}

/** A figure of a point, if it may be printed; undefined where there is none of it, or it is marked. */
export function cellOf(point: SweepPoint, figure: SweepFigure, quantile: number): QuantileCell | undefined {
  if (isMarked(point.valid, quantile)) return undefined;
  const all = seriesOf(point, figure);
  return all.length === 0 ? undefined : quantileCell(mergeSeries(all), quantile);
}

/** One per valid round. */
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
  /** The lowest that misses it. */
  readonly missedPerS: number | null;
  /** What was found at the one that misses it: its figure, or null where it was not running up with. */
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

/** Undefined: it is inconclusive. A rate that is not kept up with meets nothing, however short the trial was. */
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

/** The lowest rate from which on a row did not keep up, whatever it was at one rate between. */
export function saturatedFrom({ points }: SweptPattern): number | undefined {
  return points.find(({ state }) => state === 'saturated')?.ratePerS;
}

/** The highest rate below that which was kept. */
export function sustainedUpTo(pattern: SweptPattern): number | undefined {
  const from = saturatedFrom(pattern) ?? Infinity;
  return pattern.points.findLast(({ state, ratePerS }) => state === 'sustained' && ratePerS < from)?.ratePerS;
}
