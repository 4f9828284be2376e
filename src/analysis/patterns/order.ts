import { ratioInterval, type RatioInterval } from '../../measure/stats/ratio.ts';
import type { PatternResult, SeriesKind } from './pattern-result.ts';
import { sideBySide, comparableMedian } from './side-by-side.ts';

/** So many rounds at least ... */
export const ORDER_ROUNDS = 3;
/**
 * ... and this interval of the ratio in the same rounds wholly on one side of 1. An order of two that is not
 * there is so claimed once in a hundred times: about as often as five rounds without overlap say it.
 */
export const ORDER_CONFIDENCE = 0.99;
/** Nor does an order of several rows claim anything wrong, of whichever pair, more often than this. */
export const ORDER_ERROR = 0.05;

export type Relation = 'before' | 'after' | 'unclear';

/**
 * Confidence of each pair's interval where so many rows are put in order together: Bonferroni's, ORDER_ERROR
 * shared out evenly among the pairs, whatever depends on what. With five rounds it costs little (Student's t with
 * 4 degrees of freedom: 4.6 for a pair alone, 5.6 for the ten pairs of five rows). An order is one of these,
 * under one variant. A change between variants takes two claims, from trials apart, that contradict each other.
 */
export function orderConfidence(rows: number): number {
  const pairs = (rows * (rows - 1)) / 2;
  return Math.max(ORDER_CONFIDENCE, 1 - ORDER_ERROR / pairs);
}

/**
 * Which of two rows is sooner at the median, if that can be said.
 * @param among all rows that are put in order together
 */
export function relationOf(
  a: PatternResult,
  b: PatternResult,
  kind: SeriesKind,
  among: readonly PatternResult[] = [a, b],
): Relation {
  return relationIn(ratiosOf(a, b, kind), orderConfidence(among.length));
}

/** @param ratios of the first one's median to the second one's, one a round */
export function relationIn(ratios: readonly number[], confidence: number): Relation {
  const interval = ratioInterval(ratios, confidence);
  if (!interval || interval.pairs < ORDER_ROUNDS) return 'unclear';
  if (interval.high < 1) return 'before';
  return interval.low > 1 ? 'after' : 'unclear';
}

/** How many times b's median a's is, in the same rounds, with the interval of a pair alone. */
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
 * Rows in order of their medians, in groups: every row of a group is before every row of a later one, as far
 * as intervals carry it; between those of one group no order is claimed.
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

/** Two patterns of which the second was sooner where their order was last carried. */
export interface OrderChange {
  readonly first: PatternResult;
  readonly second: PatternResult;
}

/**
 * Pairs whose order is carried here, and was carried the other way round where it last was.
 * @param earlier the same rows under other conditions, the latest last
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

/** Rounds in which both of some rows can be compared: the fewest of any pair of neighbours. */
export function comparableRounds(patterns: readonly PatternResult[], kind: SeriesKind): number {
  const all = sorted(patterns, kind);
  const counts = all.slice(1).map((pattern, i) => sideBySide(all[i]!, pattern, kind).rounds.length);
  return counts.length === 0 ? 0 : Math.min(...counts);
}

/** By the geometric mean of the rounds' medians; a row without any is in no order. */
function sorted(patterns: readonly PatternResult[], kind: SeriesKind): PatternResult[] {
  return patterns
    .flatMap((pattern) => {
      const logs = pattern.trials.latency.flatMap((trial) => {
        const median = comparableMedian(trial, kind);
        return median.state === 'usable' ? [Math.log(median.us)] : [];
      });
      return logs.length === 0
        ? []
        : [{ pattern, mean: logs.reduce((sum, log) => sum + log, 0) / logs.length }];
    })
    .toSorted((a, b) => a.mean - b.mean)
    .map(({ pattern }) => pattern);
}
