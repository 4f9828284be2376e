import { type GateFinding, POWER, gateVerdictOf } from './gate.ts';
import { COMPARISON_ERROR } from './looks.ts';
import { studentQuantile } from './ratio.ts';

/** One run, of one side: a logarithm per round. Rounds of one run are alike; other runs differ by more. */
export type Session = readonly number[];

/** Scatter between runs of the same thing: standard deviation of their logarithms, and its degrees of freedom. */
export interface BetweenSessions {
  readonly deviation: number;
  readonly degrees: number;
}

interface Apart {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Distance of the true difference beyond a boundary that is found with 80 % probability. */
  readonly reach: number;
}

export interface ApartRule {
  /** Noise between sessions, for sides whose own runs do not determine it. */
  readonly known: BetweenSessions;
  /**
   * Runs of both sides alternated. Only then does their own scatter include all differences between sessions, and may
   * it replace a larger stored value.
   */
  readonly isMixed: boolean;
}

/** Least degrees of freedom for an own estimate of the noise between sessions; with fewer a stored one is better. */
const LEAST_DEGREES = 4;

/** No interim analyses are planned for existing runs. */
const LEVEL = 1 - COMPARISON_ERROR;

/** The gate of runs that were not interleaved: there are no further pairs to request. */
export function assessUnpaired(
  baseline: readonly Session[],
  candidate: readonly Session[],
  { margin, ...rule }: ApartRule & { readonly margin: number },
): GateFinding {
  const found = differenceInterval(baseline, candidate, rule);
  if (!found) return { verdict: 'inconclusive', interval: null, morePairs: null, detectable: null };
  const [ratio, low, high] = [found.mean, found.low, found.high].map(Math.exp) as [number, number, number];
  return {
    verdict: gateVerdictOf(found, margin),
    interval: { ratio, low, high, level: LEVEL },
    morePairs: null,
    detectable: Math.exp(Math.log1p(margin) + found.reach),
  };
}

/** Part of a variance, with its degrees of freedom. */
interface Part {
  readonly variance: number;
  readonly degrees: number;
}

/**
 * Interval for candidate minus baseline (means of logarithms) of runs that were not interleaved. Its variance has two
 * parts: the scatter of the rounds within the runs, and that between runs, which no number of rounds reduces. Degrees
 * of freedom by Welch 1947 and Satterthwaite 1946, https://doi.org/10.2307/3002019, rounded down.
 * @returns undefined where a side has no run, or the scatter of its rounds is unknown
 */
function differenceInterval(
  baseline: readonly Session[],
  candidate: readonly Session[],
  { known, isMixed }: ApartRule,
): Apart | undefined {
  if (baseline.length === 0 || candidate.length === 0) return undefined;
  const means = [baseline, candidate].map((side) => side.map(meanOf));
  const own = pooled(means);
  const within = pooled([...baseline, ...candidate]);
  if (within.degrees === 0) return undefined;
  const runs = 1 / baseline.length + 1 / candidate.length;
  const rounds = 1 / countOf(baseline) + 1 / countOf(candidate);
  const ofKnown: Part[] = [
    { variance: known.deviation ** 2 * runs, degrees: known.degrees },
    { variance: within.variance * rounds, degrees: within.degrees },
  ];
  // The scatter of the runs' own means includes that of their rounds.
  const ofOwn: Part[] = [{ variance: own.variance * runs, degrees: own.degrees }];
  const isOwnKnown = own.degrees >= LEAST_DEGREES;
  const parts = isOwnKnown && (isMixed || sumOf(ofOwn) > sumOf(ofKnown)) ? ofOwn : ofKnown;
  const [degrees, error] = [degreesOf(parts), Math.sqrt(sumOf(parts))];
  const half = studentQuantile(LEVEL, degrees) * error;
  const mean = meanOf(means[1]!) - meanOf(means[0]!);
  const reach = half + studentQuantile(2 * POWER - 1, degrees) * error;
  return { mean, low: mean - half, high: mean + half, reach };
}

/** Variance about each group's own mean. */
function pooled(groups: readonly (readonly number[])[]): Part {
  const degrees = groups.reduce((sum, group) => sum + group.length - 1, 0);
  const squares = groups.reduce((sum, group) => {
    const mean = meanOf(group);
    return sum + group.reduce((all, value) => all + (value - mean) ** 2, 0);
  }, 0);
  return { variance: degrees === 0 ? 0 : squares / degrees, degrees };
}

function degreesOf(parts: readonly Part[]): number {
  const square = sumOf(parts) ** 2;
  const weighted = parts.reduce((sum, { variance, degrees }) => sum + variance ** 2 / degrees, 0);
  return weighted === 0 ? 1 : Math.max(1, Math.floor(square / weighted));
}

function sumOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { variance }) => sum + variance, 0);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function countOf(sessions: readonly Session[]): number {
  return sessions.reduce((sum, session) => sum + session.length, 0);
}
