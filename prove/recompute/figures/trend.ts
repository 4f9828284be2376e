/** Mann and Kendall's test of a trend, and the size of the trend by Theil and Sen. */

/** How often each number of inversions occurs among all orders of n values: built up by inserting the next greatest. */
function ordersByInversions(n: number): number[] {
  let counts = [1];
  for (let size = 2; size <= n; size++) {
    const before = counts;
    const most = (size * (size - 1)) / 2;
    // The new value jumps over 0 to size − 1 others.
    counts = Array.from({ length: most + 1 }, (_, i) => {
      const from = before.slice(Math.max(0, i - size + 1), i + 1);
      return from.reduce((sum, orders) => sum + orders, 0);
    });
  }
  return counts;
}

/** Pairs in rising order less those in falling order. */
function scoreOf(values: readonly number[]): number {
  return pairsIn(values, (earlier, later) => Math.sign(later - earlier)).reduce((sum, sign) => sum + sign, 0);
}

function pairsIn(
  values: readonly number[],
  of: (earlier: number, later: number, apart: number) => number,
): number[] {
  return values.flatMap((earlier, i) =>
    values.slice(i + 1).map((later, further) => of(earlier, later, further + 1)),
  );
}

/** Share of all orders that are at least as regular, up or down. */
function chanceOf(values: readonly number[]): number {
  const orders = ordersByInversions(values.length);
  const pairs = orders.length - 1;
  const asRegular = orders.slice(0, Math.trunc((pairs - Math.abs(scoreOf(values))) / 2) + 1);
  const all = orders.reduce((sum, count) => sum + count, 0);
  return Math.min(1, (2 * asRegular.reduce((sum, count) => sum + count, 0)) / all);
}

/** Logarithm of the change from the first value to the last, along the median slope. */
function logChange(values: readonly number[]): number {
  const slopes = pairsIn(values, (earlier, later, apart) => Math.log(later / earlier) / apart);
  const sorted = slopes.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const slope = sorted.length % 2 === 1 ? sorted[middle - 0.5]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return slope * (values.length - 1);
}

/** Shares of equal orders are exact; their quotients need not be. */
const ROUNDING = 1 + 1e-9;

/** @param error at most this share of series without a trend shows one */
export function hasTrend(values: readonly number[], error: number, leastChange: number): boolean {
  if (values.length < 2 || scoreOf(values) === 0) return false;
  return chanceOf(values) <= error * ROUNDING && Math.abs(logChange(values)) >= Math.log(1 + leastChange);
}
