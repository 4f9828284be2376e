import type { StoredTrial } from '../pages/stored.ts';
import { confidenceAt } from './looks.ts';
import { type Success, successFromFault } from './fault-figures.ts';
import { type MedianOf, medianOfBlock, usableMedian } from './medians.ts';
import { outcomes } from './patterns.ts';
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
  readonly figure: MedianOf | Success;
}

/** What a comparison comes to. */
export interface Gate {
  readonly verdict: string;
  readonly interval: Interval | null;
  /** The smallest slowdown that would have been found in 8 of 10 cases; null: unknown. */
  readonly detectable: number | null;
}

const FIRST_LOOK = 6;
/** A histogram's buckets are no narrower, and shares of some hundred calls no more exact. */
const LEAST_DEVIATION = { ofLogs: 1 / 2048, ofShares: 0.001 };

export function isShare(figure: Plan['figure']): figure is Success {
  return figure === 'correct' || figure === 'doneInTime';
}

/**
 * Candidate over baseline: mean of the logarithms of the pairs' ratios, at the confidence of this look. Of shares it is
 * the mean of what the candidate has less, since more is better.
 */
export function gateOf(pairs: readonly ArmPair[], plan: Plan): Gate & { readonly used: number } {
  const known = pairs.flatMap((pair) => {
    const value = valueOf(pair, plan);
    return value === undefined ? [] : [{ pair, value }];
  });
  const isStruck = oneSided(known.map(({ pair }) => pair));
  const values = known.filter((_, i) => !isStruck[i]).map(({ value }) => value);
  const used = values.length;
  if (used < FIRST_LOOK) return { used, verdict: 'inconclusive', interval: null, detectable: null };
  const confidence = confidenceAt(used, plan.mostPairs);
  const isOfShares = isShare(plan.figure);
  const least = isOfShares ? LEAST_DEVIATION.ofShares : LEAST_DEVIATION.ofLogs;
  const found = meanWithInterval(values, confidence, least)!;
  const t = studentT(confidence, used - 1) + studentT(0.6, used - 1);
  const reach = (found.deviation * t) / Math.sqrt(used);
  const boundary = isOfShares ? plan.margin! : Math.log(1 + plan.margin!);
  return {
    used,
    verdict: verdictOf(found, boundary),
    interval: isOfShares ? turned(found) : ofLogs(found),
    detectable: isOfShares ? Math.min(1, boundary + reach) : Math.exp(boundary + reach),
  };
}

function turned({ mean, low, high, deviation }: Interval): Interval {
  return { mean: -mean, low: -high, high: -low, deviation };
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
function valueOf({ a, b }: ArmPair, { mode, figure }: Plan): number | undefined {
  if (a?.state !== 'done' || b?.state !== 'done') return undefined;
  if (isShare(figure)) {
    const [of, its] = [countedShare(a, figure), countedShare(b, figure)];
    return of === undefined || its === undefined ? undefined : of - its;
  }
  const [of, us] = [usableMedian(a, figure), usableMedian(b, figure)];
  if (of === undefined || us === undefined) return undefined;
  return mode === 'switchback' ? meanOfBlocks(a, b, figure) : Math.log(us / of);
}

/** Noise does not change counts: all evidence must be there, and every call sent. */
function countedShare(trial: StoredTrial, of: Success): number | undefined {
  const isWhole = trial.validity.verdict !== 'incomplete' && outcomes(trial.phases, 'unsent') === 0;
  return isWhole ? successFromFault(trial, of) : undefined;
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
