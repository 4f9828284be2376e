import type { Coded } from '../../analysis/coded.ts';
import { pairsNeeded, type ComparisonSide } from '../../measure/stats/crossover-point.ts';
import { type CrossoverPoint, topOf } from '../../measure/stats/crossover-search.ts';
import {
  discardedWhy,
  isSaturated,
  middleP50Us,
  otherRow,
  type CrossoverRow,
  shareDoneAt,
  timesSlower,
} from './figures.ts';
import { type Crossover, findingIn, measuredPoints, type Point } from './found.ts';

/** What a search shows; the first finding is its answer. */
export type CrossoverFinding =
  | CrossoverPointFound
  | { readonly code: 'crossovers'; readonly crossovers: readonly CrossoverPoint[] }
  | NoCrossing
  | { readonly code: 'inconclusive'; readonly open: readonly OpenPoint[] }
  /** Too many pairs did not count at the end of the range. */
  | { readonly code: 'nothing-above'; readonly top: number; readonly why: string | null }
  | WideCrossover
  | Coded<'unequal-guarantees' | 'ended-early'>;

/** Told of the side on which a row is better: above, unless both are alike there. */
export interface CrossoverPointFound {
  readonly code: 'crossover-point';
  readonly crossoverPoint: CrossoverPoint;
  readonly winner: CrossoverRow;
  /** On the other side of the border. */
  readonly other: ComparisonSide;
  readonly isAbove: boolean;
  readonly price: Price;
}

/** What the better row costs, or why the other one lost. */
export interface Price {
  /** Of an outage of so many ms: p50 of the completion of its work; null: not asked, or unknown. */
  readonly delay: { readonly us: number; readonly outageMs: number } | null;
  readonly isOtherSaturated: boolean;
}

export interface NoCrossing {
  readonly code: 'no-crossing';
  readonly side: ComparisonSide;
  readonly from: number;
  readonly top: number;
  /** How much better the side is at both ends; empty where both are alike. */
  readonly ends: readonly Lead[];
  readonly price: Price | null;
}

/** How much better a row is at a point. */
export interface Lead {
  readonly at: number;
  /** Of outages: what it did of the work, and what the other one did. */
  readonly shares: readonly [number | null, number | null] | null;
  /** Of the others: how many times as long the other one takes; null: it is saturated. */
  readonly times: number | null;
}

/** A point that is not decided. */
export interface OpenPoint {
  readonly point: Point;
  /** Of the first pair that did not count; null: no reason was given, or there is none. */
  readonly discarded: string | null;
  /** About how many pairs would tell; null: no number, or that is not what is missing. */
  readonly needed: number | null;
}

/** A border that is not known as well as was asked for. */
export interface WideCrossover {
  readonly code: 'wide-crossover';
  readonly crossoverPoint: CrossoverPoint;
  readonly why:
    | { readonly code: 'open-point'; readonly open: OpenPoint }
    | { readonly code: 'points-used-up'; readonly points: number }
    | Coded<'time-over'>;
}

export function crossoverFindings(record: Crossover): CrossoverFinding[] {
  return [
    answerIn(record),
    ...nothingAbove(record),
    ...wideBorders(record),
    ...unequalGuarantees(record),
    ...(record.state === 'complete' ? [] : [{ code: 'ended-early' } as const]),
  ];
}

function answerIn(record: Crossover): CrossoverFinding {
  const finding = findingIn(record);
  if (finding.kind === 'none') return noCrossing(record, finding.side);
  if (finding.kind === 'inconclusive') return { code: 'inconclusive', open: openPoints(record) };
  const [crossoverPoint, ...more] = finding.crossovers;
  return more.length === 0
    ? crossoverPointFound(record, crossoverPoint!)
    : { code: 'crossovers', crossovers: finding.crossovers };
}

function crossoverPointFound(record: Crossover, crossoverPoint: CrossoverPoint): CrossoverPointFound {
  const { below, above, low, high } = crossoverPoint;
  const isAbove = above !== 'alike';
  const [winner, other] = (isAbove ? [above, below] : [below, above]) as [CrossoverRow, ComparisonSide];
  const point = pointAt(record, isAbove ? high : low);
  return {
    code: 'crossover-point',
    crossoverPoint,
    winner,
    other,
    isAbove,
    price: priceAt(record, winner, point),
  };
}

function pointAt({ points }: Crossover, end: number): Point {
  return points.find(({ at }) => at === end)!;
}

function priceAt({ question }: Crossover, winner: CrossoverRow, point: Point): Price {
  const isOutage = question === 'outage';
  const us = isOutage ? middleP50Us(point, winner) : undefined;
  return {
    delay: us === undefined ? null : { us, outageMs: point.at },
    isOtherSaturated: !isOutage && isSaturated(point, otherRow(winner)),
  };
}

function noCrossing(record: Crossover, side: ComparisonSide): NoCrossing {
  const { from } = record.range;
  const top = topOf(record.range, measuredPoints(record));
  const found = { code: 'no-crossing', side, from, top } as const;
  if (side === 'alike') return { ...found, ends: [], price: null };
  const ends = [from, top].map((end) => leadAt(record, side, pointAt(record, end)));
  const isOutage = record.question === 'outage';
  return { ...found, ends, price: isOutage ? priceAt(record, side, pointAt(record, top)) : null };
}

function leadAt({ question }: Crossover, side: CrossoverRow, point: Point): Lead {
  const [at, other] = [point.at, otherRow(side)];
  if (question === 'outage')
    return { at, shares: [shareDoneAt(point, side), shareDoneAt(point, other)], times: null };
  return { at, shares: null, times: isSaturated(point, other) ? null : timesSlower(point) };
}

function openPoints(record: Crossover): OpenPoint[] {
  return record.points
    .filter(({ verdict }) => verdict?.state !== 'decided')
    .map((point) => openPoint(record, point));
}

function openPoint({ rule }: Crossover, point: Point): OpenPoint {
  const samples = point.pairs.map(({ sample }) => sample);
  return {
    point,
    discarded: discardedWhy(point)[0] ?? null,
    needed: point.verdict?.state === 'unclear' ? (pairsNeeded(samples, rule) ?? null) : null,
  };
}

function nothingAbove(record: Crossover): CrossoverFinding[] {
  const { range, points } = record;
  const unmeasured = points.find(({ at, verdict }) => at === range.to && verdict?.state === 'unmeasured');
  if (!unmeasured) return [];
  const top = topOf(range, measuredPoints(record));
  return [{ code: 'nothing-above', top, why: discardedWhy(unmeasured)[0] ?? null }];
}

/** Intervals are rounded. */
const ROUNDING = 1.001;

function wideBorders(record: Crossover): WideCrossover[] {
  const finding = findingIn(record);
  if (finding.kind !== 'crossovers') return [];
  const wide = finding.crossovers.filter(({ low, high }) => high / low > record.range.within * ROUNDING);
  return wide.map((crossoverPoint) => ({
    code: 'wide-crossover',
    crossoverPoint,
    why: whyWide(record, crossoverPoint),
  }));
}

function whyWide(record: Crossover, { low, high }: CrossoverPoint): WideCrossover['why'] {
  const { points } = record;
  const isOpen = ({ verdict }: Point) => verdict?.state === 'unclear' || verdict?.state === 'unmeasured';
  const open = points.find((point) => point.at > low && point.at < high && isOpen(point));
  if (open) return { code: 'open-point', open: openPoint(record, open) };
  const isOver = points.some(({ verdict }) => verdict === null || verdict.state === 'stopped');
  return isOver ? { code: 'time-over' } : { code: 'points-used-up', points: points.length };
}

function unequalGuarantees({ rows: [first, second], points }: Crossover): CrossoverFinding[] {
  const isSame = first.guarantee.label === second.guarantee.label;
  return isSame || points.length === 0 ? [] : [{ code: 'unequal-guarantees' }];
}
