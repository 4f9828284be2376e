/** Student's distribution and means with intervals, by numerical integration. */

const STEPS = 1000;
const HALVINGS = 80;

/** Simpson's rule. */
export function integral(of: (x: number) => number, from: number, to: number, steps = STEPS): number {
  const width = (to - from) / steps;
  let sum = of(from) + of(to);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * of(from + i * width);
  return (sum * width) / 3;
}

/** The x between `from` and `to` at which a rising function reaches the value. */
export function inverse(of: (x: number) => number, value: number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (of(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const known = new Map<string, number>();

/**
 * The t between whose negative and itself this share of the distribution lies. With t = √n tan φ the density becomes
 * cos φ to the power of n − 1, whatever its factor.
 */
export function studentT(share: number, degrees: number): number {
  const key = `${share} ${degrees}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const density = (angle: number) => Math.cos(angle) ** (degrees - 1);
  const whole = integral(density, 0, Math.PI / 2);
  const angle = inverse((to) => integral(density, 0, to) / whole, share, 0, Math.PI / 2);
  const t = Math.sqrt(degrees) * Math.tan(angle);
  known.set(key, t);
  return t;
}

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly deviation: number;
}

/** @param leastDeviation assumed of values that are alike; undefined for fewer than two values */
export function meanWithInterval(
  values: readonly number[],
  share: number,
  leastDeviation = 0,
): Interval | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const mean = sumOf(values) / n;
  const squares = sumOf(values.map((value) => (value - mean) * (value - mean)));
  const deviation = Math.max(leastDeviation, Math.sqrt(squares / (n - 1)));
  const half = (studentT(share, n - 1) * deviation) / Math.sqrt(n);
  return { mean, low: mean - half, high: mean + half, deviation };
}

/** The geometric mean of ratios, with its interval. */
export function ratioWithInterval(ratios: readonly number[], share: number): Interval | undefined {
  const logs = meanWithInterval(
    ratios.map((ratio) => Math.log(ratio)),
    share,
  );
  return logs && ofLogs(logs);
}

/** Published scatter of log-ratios between whole runs, and its degrees of freedom. */
const BETWEEN_RUNS = { deviation: 0.078, degrees: 16 };

/** The same with the scatter between whole runs in it; degrees of freedom by Welch and Satterthwaite. */
export function ratioOverRuns(ratios: readonly number[], share: number): Interval | undefined {
  const rounds = ratios.length;
  const alone = meanWithInterval(
    ratios.map((ratio) => Math.log(ratio)),
    share,
  );
  if (!alone) return undefined;
  const parts = [
    { variance: (alone.deviation * alone.deviation) / rounds, degrees: rounds - 1 },
    { variance: BETWEEN_RUNS.deviation ** 2, degrees: BETWEEN_RUNS.degrees },
  ];
  const variance = sumOf(parts.map((part) => part.variance));
  const degrees = variance ** 2 / sumOf(parts.map((part) => part.variance ** 2 / part.degrees));
  const half = studentT(share, Math.floor(degrees)) * Math.sqrt(variance);
  return ofLogs({ ...alone, low: alone.mean - half, high: alone.mean + half });
}

export function ofLogs({ mean, low, high, deviation }: Interval): Interval {
  return { mean: Math.exp(mean), low: Math.exp(low), high: Math.exp(high), deviation };
}

export function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
