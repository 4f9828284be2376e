/** Verdict of one trial on its rate. */
export type RateVerdict =
  | 'sustained'
  /** The system or the generator did not sustain it. */
  | 'not-sustained'
  /** The trial was disturbed, and has no verdict on the rate. */
  | 'discarded';

export interface TriedRate {
  readonly ratePerS: number;
  readonly isSustained: boolean;
  readonly verdicts: readonly RateVerdict[];
}

/** The highest sustained rate and the lowest unsustained one above it; null: none was found. */
export interface SustainedRate {
  readonly sustainedPerS: number | null;
  readonly notSustainedPerS: number | null;
}

export interface RateRange {
  /** First rate of the search: a guess. */
  readonly startPerS: number;
  /** Bounds of the searched rates. */
  readonly leastPerS: number;
  readonly mostPerS: number;
  /** Required precision: the largest factor between the two rates found. */
  readonly within: number;
}

/** Number of agreeing trials that decide a rate: a single one may be disturbed. */
const VOTES = 2;
/** Number of discarded trials after which a rate counts as not sustained: nothing valid can be measured there. */
const MOST_DISCARDED = 3;
/** Factor of the steps that bracket the capacity. */
const STEP = 2;

/**
 * The highest sustained rate, on the assumption that all lower ones are sustained. From a guess, the search doubles or
 * halves until the rate is bracketed, then bisects on a logarithmic axis. (The search of crossover-search.ts makes no
 * such assumption, and pays for it with points at both ends and in every stretch.)
 * Each rate is decided by two of three trials. With a share q of trials wrong, a rate is wrong with probability q² (3 −
 * 2q): of one in ten, 3 %.
 * Yields the rate of the next trial, and is given its verdict.
 * @param looked is called with each rate when it is decided
 */
export function* sustainedRateSteps(
  range: RateRange,
  tried: TriedRate[],
): Generator<number, void, RateVerdict> {
  for (;;) {
    const ratePerS = nextRate(range, tried);
    if (ratePerS === undefined) return;
    tried.push(yield* vote(ratePerS));
  }
}

function* vote(ratePerS: number): Generator<number, TriedRate, RateVerdict> {
  const verdicts: RateVerdict[] = [];
  let tried: TriedRate | undefined;
  while ((tried = triedRateOf(ratePerS, verdicts)) === undefined) verdicts.push(yield ratePerS);
  return tried;
}

/** Undefined: more trials are needed. */
export function triedRateOf(ratePerS: number, verdicts: readonly RateVerdict[]): TriedRate | undefined {
  const count = (of: RateVerdict) => verdicts.filter((one) => one === of).length;
  const isSustained = count('sustained') >= VOTES;
  const isNot = count('not-sustained') >= VOTES || count('discarded') >= MOST_DISCARDED;
  return isSustained || isNot ? { ratePerS, isSustained, verdicts } : undefined;
}

export function sustainedRateOf(tried: readonly TriedRate[]): SustainedRate {
  const not = tried.filter(({ isSustained }) => !isSustained).map(({ ratePerS }) => ratePerS);
  const notSustainedPerS = not.length === 0 ? null : Math.min(...not);
  const sustained = tried
    .filter(({ ratePerS, isSustained }) => isSustained && ratePerS < (notSustainedPerS ?? Infinity))
    .map(({ ratePerS }) => ratePerS);
  return { sustainedPerS: sustained.length === 0 ? null : Math.max(...sustained), notSustainedPerS };
}

function nextRate(range: RateRange, tried: readonly TriedRate[]): number | undefined {
  const { startPerS, leastPerS, mostPerS, within } = range;
  const { sustainedPerS, notSustainedPerS } = sustainedRateOf(tried);
  const bounded = (perS: number) => rounded(Math.min(mostPerS, Math.max(leastPerS, perS)));
  if (sustainedPerS === null && notSustainedPerS === null) return bounded(startPerS);
  if (notSustainedPerS === null) return fresh(bounded(sustainedPerS! * STEP), tried);
  if (sustainedPerS === null) return fresh(bounded(notSustainedPerS / STEP), tried);
  // Rates are rounded, and so are their quotients.
  if (notSustainedPerS / sustainedPerS <= within * 1.001) return undefined;
  return fresh(rounded(Math.sqrt(sustainedPerS * notSustainedPerS)), tried);
}

function fresh(ratePerS: number, tried: readonly TriedRate[]): number | undefined {
  return tried.some((one) => one.ratePerS === ratePerS) ? undefined : ratePerS;
}

/** Three digits: no capacity is known more precisely, and they are readable. */
function rounded(perS: number): number {
  return Number(perS.toPrecision(3));
}
