import { weakestPerS } from '../../measure/figures/capacity.ts';
import {
  decidePoint,
  type PointRule,
  type Sample,
  type PointVerdict,
} from '../../measure/stats/crossover-point.ts';
import {
  findingOf,
  type MeasuredPoint,
  nextPoint,
  type SearchFinding,
} from '../../measure/stats/crossover-search.ts';
import type { PatternRecord, RecordHeader } from '../../record/record.ts';
import type { StepStrategy } from '../search/search.ts';
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
  /** Rate of each pattern's closed loop, per second; null: not measured, or unknown. */
  readonly loopsPerS: readonly [number | null, number | null];
  readonly patterns: readonly [PatternRecord, PatternRecord];
  /** In the order in which they were measured. */
  readonly points: Point[];
}

/** A search before its first pair; a rate goes up to the faster of both closed loops, where they are known. */
export function openCrossover({ design, trials, ...header }: CrossoverRecord): Crossover {
  const patterns = header.patterns as [PatternRecord, PatternRecord];
  const loopsPerS = patterns.map(({ id }) => loopPerSOf(trials, id)) as [number | null, number | null];
  return {
    ...header,
    ...design,
    range: rangeWithin(design.range, loopsPerS),
    loopsPerS,
    patterns,
    points: [],
  };
}

/**
 * The search of a record: its points are where its trials were measured, whatever today's strategy and rules would have
 * measured next.
 */
export function crossoverOf(record: CrossoverRecord): Crossover {
  const found = openCrossover(record);
  const { points, range, rule } = found;
  for (const [at, placed] of Map.groupBy(pairsIn(record), (one) => one.at)) {
    const pairs = placed.map(({ pair }) => pair);
    // The search went on, so an earlier point that today's rule leaves open is inconclusive.
    const last = points.at(-1);
    if (last) last.verdict ??= { state: 'unclear' };
    points.push({ at, pairs, verdict: decidedBy(pairs, rule) });
  }
  const next = points.at(-1)?.verdict === null ? undefined : nextPoint(range, measuredPoints(found));
  if (next !== undefined) points.push({ at: next, pairs: [], verdict: null });
  // The point that was next at the time limit.
  const open = points.at(-1);
  if (open?.verdict === null && record.state === 'complete') open.verdict = { state: 'stopped' };
  return found;
}

function decidedBy(pairs: readonly Pair[], rule: PointRule): PointVerdict | null {
  return (
    decidePoint(
      pairs.map(({ sample }) => sample),
      rule,
    ) ?? null
  );
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
      point.verdict = decidedBy(point.pairs, rule);
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

/** A pair at its place on the axis. */
interface PlacedPair {
  readonly at: number;
  readonly pair: Pair;
}

/** Complete pairs, in the order in which they were measured. */
function pairsIn({ design, patterns, trials }: CrossoverRecord): PlacedPair[] {
  const rounds = Map.groupBy(trials, ({ round }) => round);
  return [...rounds.values()].flatMap((own) => {
    const at = own[0]!.at;
    const pair = at === null ? undefined : pairOf(design, patterns, own);
    return at === null || !pair ? [] : [{ at, pair }];
  });
}

function loopPerSOf(trials: readonly CrossoverTrial[], id: string): number | null {
  const probe = trials.find(({ at, pattern }) => at === null && pattern === id);
  return probe ? weakestPerS(probe.capacity) : null;
}

/** Ends the range at the faster of both closed loops: far above it both patterns are too slow. */
function rangeWithin(
  range: CrossoverDesign['range'],
  [first, second]: Crossover['loopsPerS'],
): CrossoverDesign['range'] {
  if (first === null || second === null) return range;
  const most = Math.round(Math.max(first, second));
  return { ...range, to: Math.max(range.from + 1, Math.min(range.to, most)) };
}
