/**
 * Share of the standard normal distribution below x. G. Marsaglia 2004, Evaluating the Normal Distribution, Journal of
 * Statistical Software 11(4), https://doi.org/10.18637/jss.v011.i04: 1/2 + φ(x) (x + x³/3 + x⁵/(3·5) + …), which ends
 * where a term changes nothing any more. Absolute error about 1e-15; past ±8 the share is 0 or 1 to that.
 */
export function normalShare(x: number): number {
  if (Math.abs(x) > 8) return x < 0 ? 0 : 1;
  let sum = x;
  let term = x;
  for (let odd = 3, before = 0; sum !== before; odd += 2) {
    term *= (x * x) / odd;
    before = sum;
    sum += term;
  }
  return 0.5 + sum * normalDensity(x);
}

export function normalDensity(x: number): number {
  return Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);
}

const BISECTIONS = 60;

/** The x below which this share of the standard normal distribution lies; between ±8. */
export function normalQuantile(share: number): number {
  let [low, high] = [-8, 8];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
