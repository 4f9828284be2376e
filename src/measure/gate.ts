import { lookLevel, PLANNED_LOOKS } from './looks.ts';
import { meanInterval, studentQuantile } from './ratio.ts';

/**
 * The gate of a comparison: is the candidate's time another one than the baseline's? Judged from logarithms of ratios,
 * candidate over baseline, so that both directions are alike (DESIGN 7).
 */
export type GateVerdict = 'improved' | 'equivalent' | 'regressed' | 'inconclusive';

export interface GateFinding {
  readonly verdict: GateVerdict;
  /** As ratios. Null where there are too few values for any. */
  readonly interval: {
    readonly ratio: number;
    readonly low: number;
    readonly high: number;
    readonly level: number;
  } | null;
  /** About how many more pairs an answer would take; null where it is there, or nobody can say. */
  readonly morePairs: number | null;
  /** The smallest slowdown, as a ratio, that would have been found with 80 % probability; null: unknown. */
  readonly detectable: number | null;
}

/** Logarithms of two medians are told no more exactly than the histogram's buckets (histogram.ts). */
const LEAST_DEVIATION = 1 / 2048;
/** With which a detectable change would have been found. */
export const POWER = 0.8;
/** Nobody makes more. */
const MOST_PAIRS = 1000;

/**
 * Regressed or improved: the interval lies wholly beyond the margin. Equivalent: wholly inside, which is two one-sided
 * tests at half the error each (Schuirmann 1987, https://doi.org/10.1007/BF01068419). Else it can't be told.
 * @param low and `high`: interval of a logarithm
 * @param margin as a share: 0.05 reaches from 1 / 1.05 to 1.05
 */
export function verdictOf({ low, high }: { low: number; high: number }, margin: number): GateVerdict {
  const border = Math.log1p(margin);
  if (low > border) return 'regressed';
  if (high < -border) return 'improved';
  return low > -border && high < border ? 'equivalent' : 'inconclusive';
}

/**
 * Of pairs that were made one beside the other. Nothing is said before the first planned look.
 * @param logRatios one a pair: log of candidate over baseline
 */
export function judgePairs(logRatios: readonly number[], margin: number): GateFinding {
  const pairs = logRatios.length;
  const first = PLANNED_LOOKS[0]!;
  if (pairs < first) {
    return { verdict: 'inconclusive', interval: null, morePairs: first - pairs, detectable: null };
  }
  const level = lookLevel(pairs);
  const found = meanInterval(logRatios, level, LEAST_DEVIATION)!;
  const verdict = verdictOf(found, margin);
  const { mean, deviation } = found;
  return {
    verdict,
    interval: { ratio: Math.exp(mean), low: Math.exp(found.low), high: Math.exp(found.high), level },
    morePairs: verdict === 'inconclusive' ? morePairs({ pairs, mean, deviation }, margin) : null,
    detectable: Math.exp(Math.log1p(margin) + reach(pairs, deviation)),
  };
}

/**
 * How far beyond a border the true mean must be, to be found beyond it with 80 % probability: half the interval, and
 * the t that the estimate's own scatter exceeds in one of five (the usual approximation of the noncentral t).
 */
function reach(pairs: number, deviation: number): number {
  const atPower = studentQuantile(2 * POWER - 1, pairs - 1);
  return (
    (studentQuantile(lookLevel(pairs), pairs - 1) + atPower) *
    (Math.max(deviation, LEAST_DEVIATION) / Math.sqrt(pairs))
  );
}

/** If the true mean and scatter are as seen: the next planned look, else the number of pairs, at which that is told. */
function morePairs(
  { pairs, mean, deviation }: { readonly pairs: number; readonly mean: number; readonly deviation: number },
  margin: number,
): number | null {
  const away = Math.abs(Math.abs(mean) - Math.log1p(margin));
  const isTold = (count: number) => reach(count, deviation) < away;
  const planned = PLANNED_LOOKS.find((look) => look > pairs && isTold(look));
  if (planned !== undefined) return planned - pairs;
  let [low, high] = [Math.max(pairs, PLANNED_LOOKS.at(-1)!), MOST_PAIRS];
  if (low >= high || !isTold(high)) return null;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isTold(middle)) high = middle;
    else low = middle;
  }
  return high - pairs;
}
