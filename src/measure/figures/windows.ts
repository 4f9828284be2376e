import { median } from '../stats/median.ts';
import type { TrialEvidence } from './join.ts';
import { completedNs, tallyEffects } from './tally.ts';

/** Parts of a trial, of equally many arrivals. */
export const TRIAL_WINDOWS = 10;
/** Fewer completions have no median that says anything. */
const LEAST_DONE = 10;

type WindowEvidence = Pick<TrialEvidence, 'trial' | 'schedule' | 'arrivals' | 'effects' | 'subscribers'>;

/** Median completion time (us) in each part of a trial, in order; null: too little was done. */
export function completionWindows(evidence: WindowEvidence): (number | null)[] {
  const { trial, schedule, arrivals, effects, subscribers } = evidence;
  const { count } = schedule;
  const tally = tallyEffects({ trial, count, subscribers }, effects);
  const startOf = (window: number) => Math.floor((window * count) / TRIAL_WINDOWS);
  return Array.from({ length: TRIAL_WINDOWS }, (_, window) => {
    const timesNs: number[] = [];
    for (let i = startOf(window); i < startOf(window + 1); i++) {
      const tookNs = completedNs(tally, i) - arrivals.startNs - schedule.intendedNs(i);
      if (!Number.isNaN(tookNs)) timesNs.push(tookNs);
    }
    return timesNs.length < LEAST_DONE ? null : median(timesNs) / 1000;
  });
}
