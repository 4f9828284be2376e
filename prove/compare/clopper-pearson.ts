import { logChoose } from '../../src/measure/stats/fisher.ts';

const BISECTIONS = 60;

/**
 * The share that is exceeded in truth with 5 % probability at most, if `count` of `of` were seen: the upper bound of
 * Clopper & Pearson 1934, https://doi.org/10.1093/biomet/26.4.404, one-sided: at which so few are seen in 5 % only.
 */
export function upperBound(count: number, of: number, confidence = 0.95): number {
  if (count >= of) return 1;
  let [low, high] = [count / of, 1];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (atMost(count, of, middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability of so many or fewer (binomial). */
function atMost(count: number, of: number, share: number): number {
  let sum = 0;
  for (let k = 0; k <= count; k++) {
    sum += Math.exp(logChoose(of, k) + k * Math.log(share) + (of - k) * Math.log1p(-share));
  }
  return Math.min(1, sum);
}
