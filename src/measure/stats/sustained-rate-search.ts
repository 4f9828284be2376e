/** What one trial at a rate says of it. */
export type RateVerdict =
  | 'sustained'
  /** The system or the generator did not keep it. */
  | 'not-sustained'
  /** Something else was going on: it says nothing. */
  | 'discarded';

export interface TriedRate {
  readonly ratePerS: number;
  readonly isSustained: boolean;
  readonly verdicts: readonly RateVerdict[];
}

/** The highest rate that was kept and the lowest above it that was not; null: none was found. */
export interface SustainedRate {
  readonly sustainedPerS: number | null;
  readonly notSustainedPerS: number | null;
}

export interface RateRange {
  /** Looked at first: a guess. */
  readonly startPerS: number;
  /** No rate outside of these is asked for. */
  readonly leastPerS: number;
  readonly mostPerS: number;
  /** The two rates found are to be within this factor. */
  readonly within: number;
}

/** A rate is kept, or not, when so many trials say so: one that is disturbed for an instant does not decide. */
const VOTES = 2;
/** So many trials that say nothing, and the rate counts as not kept: nothing valid can be measured there. */
const MOST_DISCARDED = 3;
/** To bracket the capacity. */
const STEP = 2;

/**
 * The highest rate that is kept, taken to be one up to which all are: from a guess on by doubling or halving until
 * it lies between two rates, then by bisection on a logarithmic axis. (The search for a border of crossover-search.ts
 * takes no such thing for granted, and pays for it with looks at both ends and at every stretch.) Each rate is decided
 * by two of three trials. With a share q of trials wrong, a rate is judged wrongly in q² (3 − 2q): of one in ten, 3 %.
 * Yields the rate of the next trial, and is given what that says of it.
 * @param looked is given each rate when it is decided
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
  const count = (of: RateVerdict) => verdicts.filter((one) => one === of).length;
  while (
    count('sustained') < VOTES &&
    count('not-sustained') < VOTES &&
    count('discarded') < MOST_DISCARDED
  ) {
    verdicts.push(yield ratePerS);
  }
  return { ratePerS, isSustained: count('sustained') >= VOTES, verdicts };
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
  // Rates are rounded, and their quotients with them.
  if (notSustainedPerS / sustainedPerS <= within * 1.001) return undefined;
  return fresh(rounded(Math.sqrt(sustainedPerS * notSustainedPerS)), tried);
}

function fresh(ratePerS: number, tried: readonly TriedRate[]): number | undefined {
  return tried.some((one) => one.ratePerS === ratePerS) ? undefined : ratePerS;
}

/** Three digits: no capacity is known better, and people can read it. */
function rounded(perS: number): number {
  return Number(perS.toPrecision(3));
}
