import { evenMedian } from './median.ts';

/** Fewer pairs do not show what is usual. */
const LEAST_PAIRS = 6;
/** A difference in the use of all cores that matters at all. */
const LEAST_SHARE = 0.1;
/** Modified z-score of an outlier: Iglewicz & Hoaglin 1993, How to Detect and Handle Outliers. */
const OUTLIER = 3.5;
/** Median absolute deviation of a normal distribution, in standard deviations. */
const MAD_OF_NORMAL = 0.6745;

/** Shares of all cores that other programs took during both trials of a pair. */
export interface PairNoise {
  readonly baseline: number;
  readonly candidate: number;
}

/**
 * Pairs in which other programs struck one side alone: their difference is an outlier among those of all pairs. It is
 * decided by the noise only, never by what was measured, so that excluding them favours neither side. Noise that both
 * sides met, or that one side always brings along, stays and widens the interval.
 * @returns one a pair
 */
export function oneSidedOf(pairs: readonly PairNoise[]): boolean[] {
  const differences = pairs.map(({ baseline, candidate }) => candidate - baseline);
  if (differences.length < LEAST_PAIRS) return differences.map(() => false);
  const usual = evenMedian(differences);
  const off = differences.map((difference) => Math.abs(difference - usual));
  const limit = Math.max(LEAST_SHARE, (OUTLIER * evenMedian(off)) / MAD_OF_NORMAL);
  return off.map((distance) => distance > limit);
}
