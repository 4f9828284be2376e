import { evenMedian } from './median.ts';

/**
 * A trend in a series of values, by ranks: H. B. Mann 1945 (https://doi.org/10.2307/1907187) and M. G. Kendall 1938.
 * Nothing is assumed of the values but that, without a trend, every order of them is as likely as any other.
 */
export interface Trend {
  readonly direction: 'rising' | 'falling';
  /** Probability of an order at least as regular, in either direction, where there is no trend. */
  readonly chance: number;
  /** Change from the first value to the last along the median slope, as a factor. */
  readonly factor: number;
}

/**
 * The trend of positive values, if chance alone would show one so regular in at most `error` of all series. Too few
 * values have none: four in a row are in order by chance in one of twelve.
 */
export function trendOf(values: readonly number[], error: number): Trend | undefined {
  const score = kendallScore(values);
  const chance = chanceOf(score, values.length);
  // Shares of equally likely orders: 2 of 120 are 0.05 / 3.
  if (score === 0 || chance > error * (1 + 1e-9)) return undefined;
  const slope = medianSlope(values.map((value, at) => ({ at, value: Math.log(value) })));
  return {
    direction: score > 0 ? 'rising' : 'falling',
    chance,
    factor: Math.exp(slope * (values.length - 1)),
  };
}

/** Fewest values of which a trend can be seen at this error: those of which two orders, up and down, are rare enough. */
export function fewestForTrend(error: number): number {
  let [count, orders] = [2, 2];
  while (2 / orders > error * (1 + 1e-9)) orders *= ++count;
  return count;
}

/** Kendall's S: pairs of which the later value is greater, less those of which it is smaller. */
function kendallScore(values: readonly number[]): number {
  let score = 0;
  for (const [i, value] of values.entries())
    for (let j = 0; j < i; j++) score += Math.sign(value - values[j]!);
  return score;
}

/**
 * Probability of a score at least as far from 0, exactly, by the distribution of inversions in a random order. Equal
 * values make scores smaller, and so the test a little slower to find a trend.
 */
function chanceOf(score: number, count: number): number {
  const pairs = (count * (count - 1)) / 2;
  const inversions = inversionShares(count);
  // A score of S has (pairs - S) / 2 inversions; with equal values it may lie between two.
  const most = Math.floor((pairs - Math.abs(score)) / 2);
  let tail = 0;
  for (let i = 0; i <= most; i++) tail += inversions[i]!;
  return Math.min(1, 2 * tail);
}

const sharesOf = new Map<number, Float64Array>();

/** Share of the orders of `count` values that have i inversions. */
function inversionShares(count: number): Float64Array {
  const known = sharesOf.get(count);
  if (known) return known;
  let shares = Float64Array.of(1);
  for (let n = 2; n <= count; n++) {
    const next = new Float64Array(shares.length + n - 1);
    for (const [i, share] of shares.entries()) for (let k = 0; k < n; k++) next[i + k]! += share / n;
    shares = next;
  }
  sharesOf.set(count, shares);
  return shares;
}

/**
 * The slope of H. Theil and P. K. Sen (1968, https://doi.org/10.1080/01621459.1968.10480934): the median of the slopes
 * between any two points. Up to 29 % of wild points do not move it.
 */
export function medianSlope(points: readonly { readonly at: number; readonly value: number }[]): number {
  return evenMedian(
    points.flatMap((later, j) =>
      points.slice(0, j).map((earlier) => (later.value - earlier.value) / (later.at - earlier.at)),
    ),
  );
}
