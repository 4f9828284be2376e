import { ratioInterval, type RatioInterval } from '../measure/ratio.ts';
import { oneOf } from './format.ts';
import type { ResultRow, SeriesKind } from './row.ts';
import { sideBySide, comparableMedian } from './side-by-side.ts';

/** So many rounds at least ... */
export const ORDER_ROUNDS = 3;
/**
 * ... and this interval of the ratio in the same rounds wholly on one side of 1. An order that is not
 * there is so claimed once in a hundred times: about as often as five rounds without overlap say it.
 */
export const ORDER_CONFIDENCE = 0.99;

export type Relation = 'before' | 'after' | 'unclear';

/** Which of two rows is sooner at the median, if that can be said. */
export function relationOf(a: ResultRow, b: ResultRow, kind: SeriesKind): Relation {
  const interval = ratioBetween(a, b, kind);
  if (!interval || interval.pairs < ORDER_ROUNDS) return 'unclear';
  if (interval.high < 1) return 'before';
  return interval.low > 1 ? 'after' : 'unclear';
}

/** How many times b's median a's is, in the same rounds. */
export function ratioBetween(a: ResultRow, b: ResultRow, kind: SeriesKind): RatioInterval | undefined {
  const ratios = sideBySide(a, b, kind).rounds.map((one) => one.ratio);
  return ratioInterval(ratios, ORDER_CONFIDENCE);
}

/**
 * Rows in order of their medians, in groups: every row of a group is before every row of a later one, as far
 * as intervals carry it; between those of one group no order is claimed.
 */
export function orderOf(rows: readonly ResultRow[], kind: SeriesKind): ResultRow[][] {
  const groups: ResultRow[][] = [];
  for (const row of sorted(rows, kind)) {
    let group = [row];
    while (groups.flat().some((earlier) => relationOf(earlier, row, kind) !== 'before')) {
      group = [...groups.pop()!, ...group];
    }
    groups.push(group);
  }
  return groups;
}

/** `REST, then gRPC or GraphQL, then Kafka`. */
export function orderText(groups: readonly (readonly ResultRow[])[]): string {
  return groups.map((group) => oneOf(group.map((row) => row.pattern.title))).join(', then ');
}

/**
 * Pairs whose order is carried here, and was carried the other way round where it last was.
 * @param earlier the same rows under other conditions, the latest last
 */
export function changesOf(
  earlier: readonly (readonly ResultRow[])[],
  here: readonly ResultRow[],
  kind: SeriesKind,
): string[] {
  return here.flatMap((a, i) =>
    here.slice(i + 1).flatMap((b) => {
      const now = relationOf(a, b, kind);
      const before = lastRelation(earlier, a, b, kind);
      if (now === 'unclear' || before === undefined || before === now) return [];
      const [first, second] = now === 'before' ? [a, b] : [b, a];
      return [`${first.pattern.title} now before ${second.pattern.title}`];
    }),
  );
}

function lastRelation(
  earlier: readonly (readonly ResultRow[])[],
  a: ResultRow,
  b: ResultRow,
  kind: SeriesKind,
): Relation | undefined {
  return earlier
    .toReversed()
    .map((lines) => {
      const at = (row: ResultRow) => lines.find((line) => line.pattern === row.pattern);
      const [x, y] = [at(a), at(b)];
      return x && y ? relationOf(x, y, kind) : 'unclear';
    })
    .find((relation) => relation !== 'unclear');
}

/** Rounds in which both of some rows can be compared: the fewest of any pair of neighbours. */
export function comparableRounds(rows: readonly ResultRow[], kind: SeriesKind): number {
  const all = sorted(rows, kind);
  const counts = all.slice(1).map((row, i) => sideBySide(all[i]!, row, kind).rounds.length);
  return counts.length === 0 ? 0 : Math.min(...counts);
}

/** By the geometric mean of the rounds' medians; a row without any is in no order. */
function sorted(rows: readonly ResultRow[], kind: SeriesKind): ResultRow[] {
  return rows
    .flatMap((row) => {
      const logs = row.latency.flatMap((trial) => {
        const median = comparableMedian(trial, kind);
        return median.state === 'usable' ? [Math.log(median.us)] : [];
      });
      return logs.length === 0 ? [] : [{ row, mean: logs.reduce((sum, log) => sum + log, 0) / logs.length }];
    })
    .toSorted((a, b) => a.mean - b.mean)
    .map(({ row }) => row);
}
