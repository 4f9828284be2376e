import { maximumUs } from '../../measure/figures/histogram.ts';
import type { Trial } from '../../record/record.ts';

/** A call that begins so late, as a share of its deadline, still has nearly all of it. */
export const LATE_SHARE = 0.1;

/**
 * Whether the calls of a trial may be counted (DESIGN 4): what makes times doubtful (a late generator, a busy machine)
 * shows in how late calls began, and is no harm where that is little beside their deadline.
 * @param phases those whose calls are counted
 */
export function isCountable(trial: Trial, deadlineMs: number, phases: Trial['phases']): boolean {
  const { verdict } = trial.validity;
  return verdict === 'valid' || (verdict !== 'incomplete' && isInTime(trial, deadlineMs, phases));
}

/** Every call was sent, and none of these phases so late that it had less than nearly all of its deadline. */
export function isInTime(trial: Trial, deadlineMs: number, phases: Trial['phases']): boolean {
  const latestUs = Math.max(...phases.map((phase) => maximumUs(phase.dispatchLag) ?? Infinity));
  const unsent = trial.phases.reduce((n, { outcomes }) => n + (outcomes.unsent ?? 0), 0);
  return unsent === 0 && latestUs <= deadlineMs * 1000 * LATE_SHARE;
}
