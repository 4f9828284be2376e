import type { StoredTrial } from '../pages/stored.ts';
import { confidenceAt } from './looks.ts';
import { type MedianOf, medianOfBlock, usableMedian } from './medians.ts';
import { type Interval, meanWithInterval, ofLogs, studentT, sumOf } from './student.ts';

/** Both trials of a round; undefined: it is not there. */
export interface ArmPair {
  readonly a: StoredTrial | undefined;
  readonly b: StoredTrial | undefined;
}

export function pairsOf(a: readonly StoredTrial[], b: readonly StoredTrial[]): ArmPair[] {
  const rounds = new Set([...a, ...b].map(({ round }) => round));
  return [...rounds].map((round) => {
    const at = (trials: readonly StoredTrial[]) => trials.find((trial) => trial.round === round);
    return { a: at(a), b: at(b) };
  });
}

interface Plan {
  readonly mode?: 'pairs' | 'switchback';
  readonly margin?: number;
  readonly mostPairs: number;
  readonly figure: MedianOf;
}

/** What a comparison comes to. */
export interface Gate {
  readonly verdict: string;
  readonly interval: Interval | null;
  /** The smallest slowdown that would have been found in 8 of 10 cases; null: unknown. */
  readonly detectable: number | null;
}

const FIRST_LOOK = 6;
/** A histogram's buckets are no narrower. */
const LEAST_DEVIATION = 1 / 2048;

/** Candidate over baseline: mean of the logarithms of the pairs' ratios, at the confidence of this look. */
export function gateOf(pairs: readonly ArmPair[], plan: Plan): Gate & { readonly used: number } {
  const known = pairs.flatMap((pair) => {
    const log = logOf(pair, plan);
    return log === undefined ? [] : [{ pair, log }];
  });
  const isStruck = oneSided(known.map(({ pair }) => pair));
  const logs = known.filter((_, i) => !isStruck[i]).map(({ log }) => log);
  const boundary = Math.log(1 + plan.margin!);
  if (logs.length < FIRST_LOOK)
    return { used: logs.length, verdict: 'inconclusive', interval: null, detectable: null };
  const confidence = confidenceAt(logs.length, plan.mostPairs);
  const found = meanWithInterval(logs, confidence, LEAST_DEVIATION)!;
  const t = studentT(confidence, logs.length - 1) + studentT(0.6, logs.length - 1);
  return {
    used: logs.length,
    verdict: verdictOf(found, boundary),
    interval: ofLogs(found),
    detectable: Math.exp(boundary + (found.deviation * t) / Math.sqrt(logs.length)),
  };
}

/** Standard deviation of medians between runs of the same thing, where the runs themselves do not show it. */
const BETWEEN_RUNS = { deviation: 0.14, degrees: 9 };

/** Logarithms of the medians of valid rounds of one run. */
export function logsOf(trials: readonly StoredTrial[], figure: MedianOf): number[] {
  const valid = trials.filter(({ state, validity }) => state === 'done' && validity.verdict === 'valid');
  return valid.flatMap((trial) => {
    const us = usableMedian(trial, figure);
    return us === undefined ? [] : [Math.log(us)];
  });
}

/** Two runs, one after the other: Welch's interval over the scatter of rounds and that between runs. */
export function gateApart(a: readonly number[], b: readonly number[], margin: number): Gate {
  const degrees = a.length + b.length - 2;
  if (a.length === 0 || b.length === 0 || degrees <= 0)
    return { verdict: 'inconclusive', interval: null, detectable: null };
  const rounds = ((squaresOf(a) + squaresOf(b)) / degrees) * (1 / a.length + 1 / b.length);
  const runs = 2 * BETWEEN_RUNS.deviation ** 2;
  const weighted = rounds ** 2 / degrees + runs ** 2 / BETWEEN_RUNS.degrees;
  const welch = Math.max(1, Math.trunc((rounds + runs) ** 2 / weighted));
  const error = Math.sqrt(rounds + runs);
  const half = studentT(0.95, welch) * error;
  const mean = sumOf(b) / b.length - sumOf(a) / a.length;
  const interval = { mean, low: mean - half, high: mean + half, deviation: error };
  const boundary = Math.log(1 + margin);
  const detectable = Math.exp(boundary + half + studentT(0.6, welch) * error);
  return { verdict: verdictOf(interval, boundary), interval: ofLogs(interval), detectable };
}

/** Sum of the squared distances from the mean. */
function squaresOf(values: readonly number[]): number {
  const mean = sumOf(values) / values.length;
  return sumOf(values.map((value) => (value - mean) ** 2));
}

function verdictOf({ low, high }: { low: number; high: number }, boundary: number): string {
  if (low > boundary) return 'regressed';
  if (high < -boundary) return 'improved';
  return low > -boundary && high < boundary ? 'equivalent' : 'inconclusive';
}

/** Undefined: it may not be used. */
function logOf({ a, b }: ArmPair, { mode, figure }: Plan): number | undefined {
  const isDone = a?.state === 'done' && b?.state === 'done';
  const [of, us] = isDone ? [usableMedian(a, figure), usableMedian(b, figure)] : [];
  if (!isDone || of === undefined || us === undefined) return undefined;
  return mode === 'switchback' ? meanOfBlocks(a, b, figure) : Math.log(us / of);
}

const FEWEST_BLOCKS = 3;

/** Blocks beside each other have one name. */
function meanOfBlocks(a: StoredTrial, b: StoredTrial, figure: MedianOf): number | undefined {
  const logs = a.phases
    .filter(({ name }) => name.startsWith('block-'))
    .flatMap((block) => {
      const beside = b.phases.find(({ name }) => name === block.name);
      const [of, us] = [medianOfBlock(block, figure), beside && medianOfBlock(beside, figure)];
      return of === undefined || us === undefined ? [] : [Math.log(us) - Math.log(of)];
    });
  return logs.length < FEWEST_BLOCKS ? undefined : logs.reduce((sum, log) => sum + log, 0) / logs.length;
}

const LEAST_PAIRS = 6;
const LEAST_SHARE = 0.1;
/** Modified z-score of an outlier (Iglewicz & Hoaglin 1993), from the median absolute deviation. */
const OUTLIER = 3.5 / 0.6745;

/** Pairs in which other programs struck one trial alone: by their use of the cores only, never by what was measured. */
function oneSided(pairs: readonly ArmPair[]): boolean[] {
  const differences = pairs.map(({ a, b }) => {
    const [before, after] = [takenFrom(a), takenFrom(b)];
    return before === null || after === null ? null : after - before;
  });
  const known = differences.filter((one) => one !== null);
  if (known.length < LEAST_PAIRS) return pairs.map(() => false);
  const usual = middle(known);
  const limit = Math.max(LEAST_SHARE, OUTLIER * middle(known.map((one) => Math.abs(one - usual))));
  return differences.map((one) => one !== null && Math.abs(one - usual) > limit);
}

function takenFrom(trial: StoredTrial | undefined): number | null {
  const others = trial?.machine.others ?? null;
  return others === null ? null : others + (trial!.machine.steal ?? 0);
}

/** Halfway between the two in the middle of an even number. */
function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[at - 0.5]! : (sorted[at - 1]! + sorted[at]!) / 2;
}
