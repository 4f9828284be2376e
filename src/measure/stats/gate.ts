import { lookLevel, looksOf, MOST_PAIRS, PLANNED_LOOKS } from './looks.ts';
import { meanInterval, type MeanInterval, studentQuantile } from './ratio.ts';

/**
 * The gate of a comparison: does the candidate differ from the baseline? Times are decided on logarithms of ratios,
 * candidate over baseline, so that both directions are symmetric; shares on their differences (DESIGN 7).
 */
export type GateVerdict = 'improved' | 'equivalent' | 'regressed' | 'inconclusive';

export interface GateFinding {
  readonly verdict: GateVerdict;
  /** As ratios. Null with too few values for an interval. */
  readonly interval: {
    readonly ratio: number;
    readonly low: number;
    readonly high: number;
    readonly level: number;
  } | null;
  /** Estimate of the further pairs that an answer needs; null where it is answered, or unknown. */
  readonly morePairs: number | null;
  /** The smallest slowdown, as a ratio, that would have been found with 80 % probability; null: unknown. */
  readonly detectable: number | null;
}

/** The same of shares: differences, candidate − baseline, as shares (0.05 = 5 points). */
export interface ShareFinding extends Omit<GateFinding, 'interval'> {
  readonly interval: {
    readonly difference: number;
    readonly low: number;
    readonly high: number;
    readonly level: number;
  } | null;
}

/** Logarithms of two medians are no more exact than the histogram's buckets (histogram.ts). */
const LEAST_DEVIATION = 1 / 2048;
/** Shares of some hundred calls are no more exact than this. */
const LEAST_SHARE_DEVIATION = 0.001;
/** Probability of finding a detectable change. */
export const POWER = 0.8;
/** Limit on the number of pairs that are worth running. */
const PAST_ALL_REASON = 1000;

/**
 * Regressed or improved: the interval lies wholly beyond the margin. Equivalent: wholly inside, which is two one-sided
 * tests at half the error each (Schuirmann 1987, https://doi.org/10.1007/BF01068419). Else it is inconclusive.
 * @param low and `high`: interval of a logarithm
 * @param margin as a share: 0.05 reaches from 1 / 1.05 to 1.05
 */
export function gateVerdictOf(interval: { low: number; high: number }, margin: number): GateVerdict {
  return verdictBeyond(interval, Math.log1p(margin));
}

/** Of values of which more is worse. @param boundary in their unit */
function verdictBeyond({ low, high }: { low: number; high: number }, boundary: number): GateVerdict {
  if (low > boundary) return 'regressed';
  if (high < -boundary) return 'improved';
  return low > -boundary && high < boundary ? 'equivalent' : 'inconclusive';
}

/**
 * Decides on interleaved pairs. Nothing is decided before the first planned interim analysis.
 * @param logRatios one a pair: log of candidate over baseline
 * @param mostPairs planned number of pairs
 */
export function assessPairs(
  logRatios: readonly number[],
  margin: number,
  mostPairs = MOST_PAIRS,
): GateFinding {
  const boundary = Math.log1p(margin);
  const { seen, ...found } = assess(logRatios, { boundary, leastDeviation: LEAST_DEVIATION, mostPairs });
  if (!seen) return { ...found, interval: null, detectable: null };
  const [ratio, low, high] = [seen.mean, seen.low, seen.high].map(Math.exp) as [number, number, number];
  return {
    ...found,
    interval: { ratio, low, high, level: seen.level },
    detectable: Math.exp(boundary + reach(seen, seen.pairs)),
  };
}

/**
 * The same of shares of which more is better.
 * @param differences one a pair: candidate − baseline, from -1 to 1
 * @param margin as a share: 0.05 = 5 points
 */
export function assessShares(
  differences: readonly number[],
  margin: number,
  mostPairs = MOST_PAIRS,
): ShareFinding {
  const losses = differences.map((difference) => -difference);
  const rule = { boundary: margin, leastDeviation: LEAST_SHARE_DEVIATION, mostPairs };
  const { seen, ...found } = assess(losses, rule);
  if (!seen) return { ...found, interval: null, detectable: null };
  return {
    ...found,
    interval: { difference: -seen.mean, low: -seen.high, high: -seen.low, level: seen.level },
    detectable: Math.min(1, margin + reach(seen, seen.pairs)),
  };
}

interface PairRule {
  /** Of a value a pair. */
  readonly boundary: number;
  readonly leastDeviation: number;
  readonly mostPairs: number;
}

interface Assessed extends Pick<GateFinding, 'verdict' | 'morePairs'> {
  /** Undefined before the first planned interim analysis. */
  readonly seen?: Seen;
}

/** @param values one a pair; more is worse */
function assess(values: readonly number[], { boundary, leastDeviation, mostPairs }: PairRule): Assessed {
  const pairs = values.length;
  const first = PLANNED_LOOKS[0]!;
  if (pairs < first) return { verdict: 'inconclusive', morePairs: first - pairs };
  const level = lookLevel(pairs, mostPairs);
  const found = meanInterval(values, level, leastDeviation)!;
  const verdict = verdictBeyond(found, boundary);
  const seen: Seen = { ...found, pairs, level, mostPairs };
  return { verdict, morePairs: verdict === 'inconclusive' ? morePairs(seen, boundary) : null, seen };
}

interface Seen extends MeanInterval {
  readonly pairs: number;
  readonly level: number;
  readonly mostPairs: number;
}

/** Distance of the true mean beyond a boundary at which this many pairs find it with 80 % probability. */
function reach({ deviation, mostPairs }: Pick<Seen, 'deviation' | 'mostPairs'>, pairs: number): number {
  return deviation * reachPerDeviation(pairs, mostPairs);
}

const reaches = new Map<string, number>();

/**
 * Half the interval, plus the t that the estimate's own scatter exceeds in one of five cases (for the noncentral t,
 * which is close). Pairs beyond the plan have the level of the last one, which a longer plan would hardly change.
 */
function reachPerDeviation(pairs: number, mostPairs: number): number {
  const key = `${pairs} of ${mostPairs}`;
  const known = reaches.get(key);
  if (known !== undefined) return known;
  const level = lookLevel(Math.min(pairs, mostPairs), mostPairs);
  const both = studentQuantile(level, pairs - 1) + studentQuantile(2 * POWER - 1, pairs - 1);
  const found = both / Math.sqrt(pairs);
  reaches.set(key, found);
  return found;
}

/**
 * Pairs still missing if the true mean and scatter are as observed: up to the next planned interim analysis, else up
 * to the deciding number.
 */
function morePairs(seen: Seen, boundary: number): number | null {
  const { pairs, mean, mostPairs } = seen;
  const away = Math.abs(Math.abs(mean) - boundary);
  const isConclusive = (count: number) => reach(seen, count) < away;
  const planned = looksOf(mostPairs).find((look) => look > pairs && isConclusive(look));
  if (planned !== undefined) return planned - pairs;
  let [low, high] = [Math.max(pairs, mostPairs), PAST_ALL_REASON];
  if (low >= high || !isConclusive(high)) return null;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isConclusive(middle)) high = middle;
    else low = middle;
  }
  return high - pairs;
}
