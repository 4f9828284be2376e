import { normalDensity, normalQuantile, normalShare } from './normal.ts';

/**
 * Numbers of pairs for the interim analyses of a comparison, which may end there (DESIGN 7). The last is the maximum.
 */
export const PLANNED_LOOKS: readonly number[] = [6, 10, 16, 24];
export const MOST_PAIRS = 24;

/** The interim analyses for a smaller maximum: the planned ones before it, then the maximum itself. */
export function looksOf(mostPairs: number): number[] {
  return [...PLANNED_LOOKS.filter((look) => look < mostPairs), mostPairs];
}

/** Share of comparisons that may have an interval without the truth at any of their interim analyses. */
export const COMPARISON_ERROR = 0.05;
/**
 * Spending at very early interim analyses is almost zero, and the interval almost infinite. All of them together add
 * little.
 */
const LEAST_SPENT = 1e-6;

/**
 * The error of both sides that may be spent at a share of the planned pairs: almost none early, all of it at the end.
 * Of O'Brien–Fleming type, Lan & DeMets 1983, Discrete sequential boundaries for clinical trials, Biometrika 70(3),
 * https://doi.org/10.2307/2336502. For each side, with half the error, that is 2 (1 - Φ(z / sqrt share)); the normal
 * distribution exceeds z in half of the side's error.
 * @param share 0 < share <= 1
 */
export function spentError(share: number, error = COMPARISON_ERROR): number {
  return 4 * (1 - normalShare(normalQuantile(1 - error / 4) / Math.sqrt(share)));
}

/** A walk that no interim analysis has ended yet: density of its sum, as points with their weights. */
interface Going {
  readonly pairs: number;
  readonly sums: readonly number[];
  readonly weights: readonly number[];
}

const START: Going = { pairs: 0, sums: [0], weights: [1] };
/** Even: Simpson's rule takes pairs of steps. 200 give the boundaries of three interim analyses to 6 digits. */
const STEPS = 200;
const BISECTIONS = 50;

/**
 * Distance of a mean from zero, in standard errors, at each interim analysis, such that the error spent so far is exact
 * whatever the number of earlier analyses. The sum of n independent normal values is a random walk, which ends beyond a
 * boundary. The density of the others is propagated by numerical integration (Armitage, McPherson & Rowe 1969, Repeated
 * significance tests on accumulating data, JRSS A 132, https://doi.org/10.2307/2343787).
 * @param looks numbers of pairs, ascending
 * @param ofPairs the planned maximum: there the whole error is spent
 */
export function boundaries(looks: readonly number[], ofPairs: number, error = COMPARISON_ERROR): number[] {
  let going = START;
  let spent = 0;
  return looks.map((pairs) => {
    const due = spentError(pairs / ofPairs, error);
    const boundary = boundaryOf(going, pairs, Math.max(due - spent, LEAST_SPENT));
    spent = Math.max(due, spent);
    going = carriedOn(going, pairs, boundary);
    return boundary / Math.sqrt(pairs);
  });
}

/** The sum with this share of the continuing paths beyond it, on either side. */
function boundaryOf(going: Going, pairs: number, share: number): number {
  const deviation = Math.sqrt(pairs - going.pairs);
  const beyond = (boundary: number) =>
    going.sums.reduce((sum, from, i) => {
      const tails = normalShare((-boundary - from) / deviation) + normalShare((from - boundary) / deviation);
      return sum + going.weights[i]! * tails;
    }, 0);
  let [low, high] = [0, 8 * Math.sqrt(pairs)];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (beyond(middle) > share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The density within the boundary after this many pairs, on a grid with Simpson's weights. */
function carriedOn(going: Going, pairs: number, boundary: number): Going {
  const deviation = Math.sqrt(pairs - going.pairs);
  const width = (2 * boundary) / STEPS;
  const sums = Array.from({ length: STEPS + 1 }, (_, i) => -boundary + i * width);
  const weights = sums.map((to, i) => {
    const density = going.sums.reduce(
      (sum, from, j) => sum + going.weights[j]! * normalDensity((to - from) / deviation),
      0,
    );
    const simpson = i === 0 || i === STEPS ? 1 : i % 2 === 1 ? 4 : 2;
    return ((simpson * width) / 3) * (density / deviation);
  });
  return { pairs, sums, weights };
}

const levels = new Map<string, number>();

/**
 * Confidence of the interval after this many pairs, given an interim analysis at each planned number before. All
 * intervals at these levels hold the truth together, except with probability COMPARISON_ERROR, whatever is decided from
 * them (repeated confidence intervals: Jennison & Turnbull 1989, JRSS B 51,
 * https://doi.org/10.1111/j.2517-6161.1989.tb01762.x). An unplanned interim analysis is one more, and pays for itself.
 * @param mostPairs planned: there the whole error is spent
 */
export function lookLevel(pairs: number, mostPairs = MOST_PAIRS): number {
  const key = `${pairs} of ${mostPairs}`;
  const known = levels.get(key);
  if (known !== undefined) return known;
  const boundary = boundaries(looksOf(pairs), Math.max(pairs, mostPairs)).at(-1)!;
  const level = 2 * normalShare(boundary) - 1;
  levels.set(key, level);
  return level;
}
