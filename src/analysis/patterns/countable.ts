import { maximumUs } from '../../measure/figures/histogram.ts';
import type { Trial } from '../../record/record.ts';

/** A call that begins late by no more than this share of its deadline still has nearly all of it. */
export const LATE_SHARE = 0.1;

/**
 * Whether the calls of a trial may be counted (DESIGN 4). A late generator or a busy machine shows in late dispatch,
 * which is harmless where it is small against the deadline.
 * @param phases those whose calls are counted
 */
export function isCountable(trial: Trial, deadlineMs: number, phases: Trial['phases']): boolean {
  const { verdict } = trial.validity;
  return verdict === 'valid' || (verdict !== 'incomplete' && isInTime(trial, deadlineMs, phases));
}

/** Whether every call was sent, and with nearly all of its deadline left in each of these phases. */
export function isInTime(trial: Trial, deadlineMs: number, phases: Trial['phases']): boolean {
  const latestUs = Math.max(...phases.map((phase) => maximumUs(phase.dispatchLag) ?? Infinity));
  const unsent = trial.phases.reduce((n, { outcomes }) => n + (outcomes.unsent ?? 0), 0);
  return unsent === 0 && latestUs <= deadlineMs * 1000 * LATE_SHARE;
}
