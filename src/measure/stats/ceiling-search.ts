/** What one trial at a rate says of it. */
export type Look =
  | 'kept'
  /** The system or the generator did not keep it. */
  | 'not-kept'
  /** Something else was going on: it says nothing. */
  | 'thrown';

export interface RateLooked {
  readonly ratePerS: number;
  readonly isKept: boolean;
  readonly looks: readonly Look[];
}

/** The highest rate that was kept and the lowest above it that was not; null: none was found. */
export interface CeilingFound {
  readonly keptPerS: number | null;
  readonly notKeptPerS: number | null;
}

export interface CeilingRange {
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
const MOST_THROWN = 3;
/** To bracket the ceiling. */
const STEP = 2;

/**
 * The highest rate that is kept, taken to be one up to which all are: from a guess on by doubling or halving until
 * it lies between two rates, then by bisection on a logarithmic axis. (The search for a border of crossover-search.ts
 * takes no such thing for granted, and pays for it with looks at both ends and at every stretch.) Each rate is decided
 * by two of three trials. With a share q of trials wrong, a rate is judged wrongly in q² (3 − 2q): of one in ten, 3 %.
 * Yields the rate of the next trial, and is given what that says of it.
 * @param looked is given each rate when it is decided
 */
export function* ceilingSteps(range: CeilingRange, looked: RateLooked[]): Generator<number, void, Look> {
  for (;;) {
    const ratePerS = nextRate(range, looked);
    if (ratePerS === undefined) return;
    looked.push(yield* vote(ratePerS));
  }
}

function* vote(ratePerS: number): Generator<number, RateLooked, Look> {
  const looks: Look[] = [];
  const count = (of: Look) => looks.filter((one) => one === of).length;
  while (count('kept') < VOTES && count('not-kept') < VOTES && count('thrown') < MOST_THROWN) {
    looks.push(yield ratePerS);
  }
  return { ratePerS, isKept: count('kept') >= VOTES, looks };
}

export function ceilingFound(looked: readonly RateLooked[]): CeilingFound {
  const not = looked.filter(({ isKept }) => !isKept).map(({ ratePerS }) => ratePerS);
  const notKeptPerS = not.length === 0 ? null : Math.min(...not);
  const kept = looked
    .filter(({ ratePerS, isKept }) => isKept && ratePerS < (notKeptPerS ?? Infinity))
    .map(({ ratePerS }) => ratePerS);
  return { keptPerS: kept.length === 0 ? null : Math.max(...kept), notKeptPerS };
}

function nextRate(range: CeilingRange, looked: readonly RateLooked[]): number | undefined {
  const { startPerS, leastPerS, mostPerS, within } = range;
  const { keptPerS, notKeptPerS } = ceilingFound(looked);
  const bounded = (perS: number) => rounded(Math.min(mostPerS, Math.max(leastPerS, perS)));
  if (keptPerS === null && notKeptPerS === null) return bounded(startPerS);
  if (notKeptPerS === null) return fresh(bounded(keptPerS! * STEP), looked);
  if (keptPerS === null) return fresh(bounded(notKeptPerS / STEP), looked);
  // Rates are rounded, and their quotients with them.
  if (notKeptPerS / keptPerS <= within * 1.001) return undefined;
  return fresh(rounded(Math.sqrt(keptPerS * notKeptPerS)), looked);
}

function fresh(ratePerS: number, looked: readonly RateLooked[]): number | undefined {
  return looked.some((one) => one.ratePerS === ratePerS) ? undefined : ratePerS;
}

/** Three digits: no ceiling is known better, and people can read it. */
function rounded(perS: number): number {
  return Number(perS.toPrecision(3));
}
