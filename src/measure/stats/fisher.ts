/** A count out of a total. */
export interface Counted {
  readonly count: number;
  readonly of: number;
}

/**
 * Probability that chance alone puts this many of all failures, or more, on the candidate's side: the upper tail of
 * the hypergeometric distribution (Fisher's exact test, one-sided; Fisher 1935, The Logic of Inductive Inference,
 * https://doi.org/10.2307/2342435). 1 where there is nothing to compare.
 */
export function fisherUpper(baseline: Counted, candidate: Counted): number {
  const all = baseline.of + candidate.of;
  const failed = baseline.count + candidate.count;
  // Sums the tail away from the mean, where terms only decrease: a term that underflows does not count.
  return candidate.count * all > failed * candidate.of
    ? Math.min(1, upperTail(candidate, failed, all))
    : Math.max(0, 1 - upperTail(baseline, failed, all, baseline.count + 1));
}

/** Probability of this many or more of all failures on this side. */
function upperTail({ count, of }: Counted, failed: number, all: number, from = count): number {
  const most = Math.min(failed, of);
  if (from > most) return 0;
  let term = Math.exp(logChoose(failed, from) + logChoose(all - failed, of - from) - logChoose(all, of));
  let sum = 0;
  for (let x = from; x <= most; x++) {
    sum += term;
    term *= ((failed - x) * (of - x)) / ((x + 1) * (all - failed - of + x + 1));
  }
  return sum;
}

/** Logarithm of the binomial coefficient. */
export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Small ones by multiplication, the rest by Stirling's series (Abramowitz & Stegun 6.1.41): error at most 1e-12. */
function logFactorial(n: number): number {
  if (n < 32) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log(product);
  }
  const x = n + 1;
  return (
    (x - 0.5) * Math.log(x) -
    x +
    Math.log(2 * Math.PI) / 2 +
    1 / (12 * x) -
    1 / (360 * x ** 3) +
    1 / (1260 * x ** 5)
  );
}
