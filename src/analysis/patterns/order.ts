import { ratioInterval, type RatioInterval } from '../../measure/stats/ratio.ts';
import { isDrifting } from './drift.ts';
import type { PatternResult, SeriesKind } from './pattern-result.ts';
import { sideBySide, comparableMedian } from './side-by-side.ts';

/** Minimum number of rounds for an order, ... */
export const ORDER_ROUNDS = 3;
/**
 * ... with this interval of the ratio in the same rounds wholly on one side of 1. A false order of two is claimed once
 * in a hundred times, about as often as by five rounds without overlap.
 */
export const ORDER_CONFIDENCE = 0.99;
/** Bound on the probability that an order of several patterns is wrong about any pair. */
export const ORDER_ERROR = 0.05;

export type Relation = 'before' | 'after' | 'unclear';

/**
 * Confidence of each pair's interval in an order of this many patterns. By Bonferroni's correction, ORDER_ERROR is
 * divided evenly among the pairs, whatever their dependence.
 * With five rounds it costs little (Student's t with 4 degrees of freedom: 4.6 for a pair alone, 5.6 for the ten pairs
 * of five patterns).
 * An order counts once for each variant. A change between variants takes two claims, from separate trials, that
 * contradict each other.
 */
export function orderConfidence(patterns: number): number {
  const pairs = (patterns * (patterns - 1)) / 2;
  return Math.max(ORDER_CONFIDENCE, 1 - ORDER_ERROR / pairs);
}

/**
 * Which of two patterns is sooner at the median, if that is known.
 * @param among all patterns of the order
 */
export function relationOf(
  a: PatternResult,
  b: PatternResult,
  kind: SeriesKind,
  among: readonly PatternResult[] = [a, b],
): Relation {
  return relationIn(ratiosOf(a, b, kind), orderConfidence(among.length));
}

/** @param ratios of the first one's median to the second one's, one per round */
export function relationIn(ratios: readonly number[], confidence: number): Relation {
  const interval = ratioInterval(ratios, confidence);
  if (!interval || interval.pairs < ORDER_ROUNDS) return 'unclear';
  if (interval.high < 1) return 'before';
  return interval.low > 1 ? 'after' : 'unclear';
}

/** Ratio of a's median to b's, in the same rounds, with the interval of a pair alone. */
export function ratioBetween(
  a: PatternResult,
  b: PatternResult,
  kind: SeriesKind,
): RatioInterval | undefined {
  return ratioInterval(ratiosOf(a, b, kind), ORDER_CONFIDENCE);
}

function ratiosOf(a: PatternResult, b: PatternResult, kind: SeriesKind): number[] {
  return sideBySide(a, b, kind).rounds.map((one) => one.ratio);
}

/**
 * Patterns by their medians, in groups: each pattern precedes every pattern of a later group, as far as intervals
 * support it. Within a group no order is claimed.
 */
export function orderOf(patterns: readonly PatternResult[], kind: SeriesKind): PatternResult[][] {
  const groups: PatternResult[][] = [];
  for (const pattern of sorted(patterns, kind)) {
    let group = [pattern];
    while (groups.flat().some((earlier) => relationOf(earlier, pattern, kind, patterns) !== 'before')) {
      group = [...groups.pop()!, ...group];
    }
    groups.push(group);
  }
  return groups;
}

/** Two patterns of which the second was sooner where their order was last significant. */
export interface OrderChange {
  readonly first: PatternResult;
  readonly second: PatternResult;
}

/**
 * Pairs whose order is significant here, and was last significant in the opposite direction.
 * @param earlier the same patterns under other conditions, the latest last
 */
export function changesOf(
  earlier: readonly (readonly PatternResult[])[],
  here: readonly PatternResult[],
  kind: SeriesKind,
): OrderChange[] {
  return here.flatMap((a, i) =>
    here.slice(i + 1).flatMap((b) => {
      const now = relationOf(a, b, kind, here);
      const before = lastRelation(earlier, a, b, kind);
      if (now === 'unclear' || before === undefined || before === now) return [];
      return [now === 'before' ? { first: a, second: b } : { first: b, second: a }];
    }),
  );
}

function lastRelation(
  earlier: readonly (readonly PatternResult[])[],
  a: PatternResult,
  b: PatternResult,
  kind: SeriesKind,
): Relation | undefined {
  return earlier
    .toReversed()
    .map((lines) => {
      const at = (pattern: PatternResult) => lines.find((line) => line.record === pattern.record);
      const [x, y] = [at(a), at(b)];
      return x && y ? relationOf(x, y, kind, lines) : 'unclear';
    })
    .find((relation) => relation !== 'unclear');
}

/** Rounds in which both of two patterns can be compared: the minimum over pairs of neighbours. */
export function comparableRounds(patterns: readonly PatternResult[], kind: SeriesKind): number {
  const all = sorted(patterns, kind);
  const counts = all.slice(1).map((pattern, i) => sideBySide(all[i]!, pattern, kind).rounds.length);
  return counts.length === 0 ? 0 : Math.min(...counts);
}

/** By the geometric mean of the rounds' medians; patterns without any, or without a steady state, are omitted. */
function sorted(patterns: readonly PatternResult[], kind: SeriesKind): PatternResult[] {
  return patterns
    .filter((pattern) => !isDrifting(pattern))
    .flatMap((pattern) => {
      const us = meanMedianUs(pattern, kind);
      return us === null ? [] : [{ pattern, us }];
    })
    .toSorted((a, b) => a.us - b.us)
    .map(({ pattern }) => pattern);
}

/** Geometric mean of the medians that may be compared; null: there is none. */
export function meanMedianUs(pattern: PatternResult, kind: SeriesKind): number | null {
  const logs = pattern.trials.latency.flatMap((trial) => {
    const median = comparableMedian(trial, kind);
    return median.state === 'usable' ? [Math.log(median.us)] : [];
  });
  if (logs.length === 0) return null;
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
}
