import { weakestPerS } from '../../measure/figures/capacity.ts';
import { decidePoint, type Sample, type PointVerdict } from '../../measure/stats/crossover-point.ts';
import {
  findingOf,
  type MeasuredPoint,
  nextPoint,
  type SearchFinding,
} from '../../measure/stats/crossover-search.ts';
import type { PatternRecord, RecordHeader } from '../../record/record.ts';
import { replay, type StepStrategy } from '../search/search.ts';
import type { CrossoverDesign, CrossoverRecord, CrossoverTrial } from './record.ts';
import { sampleOf, type TrialFigure, trialFigureOf } from './sample.ts';

export interface Pair {
  readonly first: TrialFigure;
  readonly second: TrialFigure;
  /** Above zero where the second pattern was better: ln(first / second) of the medians, or the difference of the shares done. */
  readonly sample: Sample;
}

export interface Point {
  readonly at: number;
  readonly pairs: Pair[];
  /** Null: the search ended before it was decided. */
  verdict: PointVerdict | null;
}

/** A search and its points, computed from its trials. */
export interface Crossover extends Omit<RecordHeader, 'patterns'>, CrossoverDesign {
  /** Closed-loop capacity of each pattern, per second; null: not measured, or unknown. */
  readonly capacities: readonly [number | null, number | null];
  readonly patterns: readonly [PatternRecord, PatternRecord];
  /** In the order in which they were measured. */
  readonly points: Point[];
}

/** A search before its first pair; a rate goes up to the higher of both capacities, where they are known. */
export function openCrossover({ design, trials, ...header }: CrossoverRecord): Crossover {
  const patterns = header.patterns as [PatternRecord, PatternRecord];
  const capacities = patterns.map(({ id }) => capacityOf(trials, id)) as [number | null, number | null];
  return {
    ...header,
    ...design,
    range: rangeWithin(design.range, capacities),
    capacities,
    patterns,
    points: [],
  };
}

/** The search of a record, replayed by the strategy that made it. */
export function crossoverOf(record: CrossoverRecord): Crossover {
  const found = openCrossover(record);
  const isWhole = replay(crossoverSteps(found), pairsIn(record));
  // The point that was next at the time limit.
  if (!isWhole && record.state === 'complete') found.points.at(-1)!.verdict = { state: 'stopped' };
  return found;
}

/** Pairs at one point until it is decided; then at the next. */
export function* crossoverSteps({ range, rule, points }: Crossover): StepStrategy<Point, Pair> {
  for (;;) {
    const at = nextPoint(range, measuredPoints({ points }));
    if (at === undefined) return;
    const point: Point = { at, pairs: [], verdict: null };
    points.push(point);
    while (point.verdict === null) {
      point.pairs.push(yield point);
      const samples = point.pairs.map(({ sample }) => sample);
      point.verdict = decidePoint(samples, rule) ?? null;
    }
  }
}

export function measuredPoints({ points }: Pick<Crossover, 'points'>): MeasuredPoint[] {
  return points.flatMap(({ at, verdict }) => (verdict ? [{ at, verdict }] : []));
}

/** The finding from the points so far. */
export function findingIn(found: Crossover): SearchFinding {
  return findingOf(found.range, measuredPoints(found));
}

/** @param trials of one pair, in any order */
export function pairOf(
  { question, figure }: CrossoverDesign,
  [first, second]: readonly { readonly id: string }[],
  trials: readonly CrossoverTrial[],
): Pair | undefined {
  const [a, b] = [first, second].map((one) => trials.find(({ pattern }) => pattern === one!.id));
  if (!a || !b) return undefined;
  const figures = [a, b].map((trial) => trialFigureOf(trial, question, figure)) as [TrialFigure, TrialFigure];
  return { first: figures[0], second: figures[1], sample: sampleOf(question, ...figures) };
}

/** Complete pairs, in the order in which they were measured. */
function pairsIn({ design, patterns, trials }: CrossoverRecord): Pair[] {
  const pairs = Map.groupBy(
    trials.filter(({ at }) => at !== null),
    ({ round }) => round,
  );
  return [...pairs.values()].flatMap((pair) => pairOf(design, patterns, pair) ?? []);
}

function capacityOf(trials: readonly CrossoverTrial[], id: string): number | null {
  const probe = trials.find(({ at, pattern }) => at === null && pattern === id);
  return probe ? weakestPerS(probe.capacity) : null;
}

/** Ends the range at the higher of both capacities: above it both patterns are too slow. */
function rangeWithin(
  range: CrossoverDesign['range'],
  [first, second]: Crossover['capacities'],
): CrossoverDesign['range'] {
  if (first === null || second === null) return range;
  const most = Math.round(Math.max(first, second));
  return { ...range, to: Math.max(range.from + 1, Math.min(range.to, most)) };
}
