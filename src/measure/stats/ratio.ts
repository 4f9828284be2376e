/**
 * Ratios of latencies taken side by side (in the same round, in neighbouring blocks). A disturbance of both cancels
 * out; the unit is the pair, never the request (DESIGN 7).
 */
export interface RatioInterval {
  readonly pairs: number;
  /** Geometric mean of the pairs' ratios, and the interval around it. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Student's interval for the mean of the logarithms (Gosset 1908), transformed back. It assumes that the log-ratios of
 * pairs are independent and about normal; two pairs make it very wide, as they should.
 * @param ratios one positive ratio a pair
 * @param confidence 0.95: the interval misses the true ratio in one of twenty experiments
 * @returns undefined for fewer than two pairs
 */
export function ratioInterval(ratios: readonly number[], confidence: number): RatioInterval | undefined {
  const pairs = ratios.length;
  const found = meanInterval(
    ratios.map((ratio) => Math.log(ratio)),
    confidence,
  );
  if (!found) return undefined;
  return { pairs, ratio: Math.exp(found.mean), low: Math.exp(found.low), high: Math.exp(found.high) };
}

export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Standard deviation of the values. */
  readonly deviation: number;
}

/**
 * Student's interval for a mean of independent, about normal values.
 * @param leastDeviation least spread assumed of the values: a few equal ones do not prove that there is none
 * @returns undefined for fewer than two values
 */
export function meanInterval(
  values: readonly number[],
  confidence: number,
  leastDeviation = 0,
): MeanInterval | undefined {
  const count = values.length;
  if (count < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const deviation = Math.max(leastDeviation, Math.sqrt(variance));
  const half = studentQuantile(confidence, count - 1) * (deviation / Math.sqrt(count));
  return { mean, low: mean - half, high: mean + half, deviation };
}

const BISECTIONS = 60;

/**
 * The t for which the interval from -t to t holds the share `confidence` of Student's distribution.
 * @param degrees of freedom, a whole number from 1 on
 */
export function studentQuantile(confidence: number, degrees: number): number {
  let [low, high] = [0, Math.PI / 2];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (studentShare(middle, degrees) < confidence) low = middle;
    else high = middle;
  }
  return Math.sqrt(degrees) * Math.tan(low);
}

/** A(t|n) of Abramowitz & Stegun 26.7.3 (odd n) and 26.7.4 (even n), with angle = atan(t / sqrt n). */
function studentShare(angle: number, degrees: number): number {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  if (degrees === 1) return (2 * angle) / Math.PI;
  let term = isOdd ? cos : 1;
  let sum = term;
  for (let k = isOdd ? 3 : 2; k < degrees; k += 2) {
    term *= ((k - 1) / k) * cos * cos;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum;
}
