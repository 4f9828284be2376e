/**
 * Fisher's exact test, one-sided: the probability that of all failures so many or more fall on the second side, by the
 * hypergeometric distribution, from sums of logarithms.
 */
export function fisherOneSided(first: readonly [number, number], second: readonly [number, number]): number {
  const [failedFirst, ofFirst] = first;
  const [failedSecond, ofSecond] = second;
  const failed = failedFirst + failedSecond;
  if (failed === 0) return 1;
  const whole = logWays(ofFirst + ofSecond, failed);
  let share = 0;
  for (let x = failedSecond; x <= Math.min(failed, ofSecond); x++) {
    if (failed - x <= ofFirst) share += Math.exp(logWays(ofSecond, x) + logWays(ofFirst, failed - x) - whole);
  }
  return Math.min(1, share);
}

/** Logarithm of the ways to choose k of n. */
function logWays(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}
