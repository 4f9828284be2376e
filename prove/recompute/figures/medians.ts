import type { StoredPhase, StoredTrial } from '../pages/stored.ts';
import { outcomes, phasesOf, seriesOf } from './patterns.ts';
import { percentile, printable, together } from './samples.ts';

/** Medians that may be compared with those of the same round, pair or block. */

export type MedianOf = 'response' | 'completion';

const LEAST_LAG_US = 300;
const LAG_SHARE = 0.2;
const LEAST_BLOCK_CALLS = 10;

/** Whether the generator's own lag is too large at a percentile, beside the waits there, time-outs included. */
export function isLate(phases: readonly StoredPhase[], q: number): boolean {
  const at = (series: Parameters<typeof together>[0]) => {
    const all = together(series);
    return (all && percentile(all, q)?.us) ?? 0;
  };
  const lag = at(phases.map(({ dispatchLag }) => dispatchLag));
  const waits = phases.flatMap(({ response, failedAfter }) =>
    [response, failedAfter?.['timeout'], failedAfter?.['unfinished']].filter((one) => one !== undefined),
  );
  const items = seriesOf(phases, 'firstItem');
  const wait = Math.min(at(waits), items.length > 0 ? at(items) : Infinity);
  return lag > Math.max(LEAST_LAG_US, LAG_SHARE * wait);
}

/** Us; undefined: late, incomplete, unsent, unknown, or of too few calls. */
export function usableMedian(trial: StoredTrial, of: MedianOf): number | undefined {
  if (!isUsable(trial, of)) return undefined;
  return printable(together(seriesOf(trial.phases, of)), 0.5);
}

/** The same of a trial that kept up with its load. */
export function comparableMedian(trial: StoredTrial, of: MedianOf): number | undefined {
  return trial.load.verdict === 'saturated' ? undefined : usableMedian(trial, of);
}

/** A block of a trial has few calls: its median counts from ten on. */
export function blockMedian(trial: StoredTrial, block: StoredPhase | undefined): number | undefined {
  if (!block || trial.load.verdict === 'saturated' || !isUsable(trial, 'completion')) return undefined;
  return medianOfBlock(block, 'completion');
}

export function medianOfBlock(block: StoredPhase, of: MedianOf): number | undefined {
  const samples = together([block[of]])!;
  if (samples.count < LEAST_BLOCK_CALLS || isLate([block], 0.5)) return undefined;
  return percentile(samples, 0.5)?.us;
}

function isUsable({ validity, evidence, phases }: StoredTrial, of: MedianOf): boolean {
  if (validity.verdict === 'incomplete' || validity.boundQuantiles.includes(0.5)) return false;
  return outcomes(phases, 'unsent') === 0 && (of === 'response' || evidence !== 'none');
}

/** Ratios of medians in the same rounds, of those rounds in which both may be compared. */
export function ratiosInRounds(
  trials: readonly StoredTrial[],
  others: readonly StoredTrial[],
  of: MedianOf,
): number[] {
  return trials.flatMap((trial) => {
    const isBeside = ({ round, variant }: StoredTrial) =>
      round === trial.round && (variant ?? null) === (trial.variant ?? null);
    const beside = others.find(isBeside);
    const [mine, its] = [comparableMedian(trial, of), beside && comparableMedian(beside, of)];
    return mine === undefined || its === undefined ? [] : [mine / its];
  });
}

/** Whether calls may be counted: nothing is missing, and late calls had nearly all of their deadline. */
export function isCountable(trial: StoredTrial, deadlineMs: number, phases: readonly StoredPhase[]): boolean {
  const { verdict } = trial.validity;
  if (verdict === 'valid' || verdict === 'incomplete') return verdict === 'valid';
  const latest = phases.map(({ dispatchLag }) => {
    const maxima = dispatchLag.intervalMaximaUs.filter((us) => us !== null);
    return dispatchLag.count === 0 ? Infinity : Math.max(...maxima);
  });
  return outcomes(phasesOf([trial]), 'unsent') === 0 && Math.max(...latest) <= deadlineMs * 100;
}
