import { isUsedFor, kindByName } from '../../plan/kinds/kinds.ts';
import type { TrialRef } from '../../analysis/warnings/trial-ref.ts';

/** `round 3`, `the outage trial`. */
export function trialRefText(trial: TrialRef): string {
  return kindByName(trial.kind).words.report(trial);
}

/** Trials of faults; more of them are counted. */
const MOST_NAMED = 3;

/** `rounds 1, 3 and the outage trial`. */
export function trialList(trials: readonly TrialRef[]): string {
  const rounds = trials.filter((t) => isUsedFor(t.kind, 'latency')).map((t) => t.round);
  const others = trials.filter((t) => !isUsedFor(t.kind, 'latency')).map(trialRefText);
  const faulted = trials.filter(({ kind }) => isUsedFor(kind, 'fault', 'control')).length;
  if (faulted > MOST_NAMED) return `${faulted} trials with faults or their controls`;
  return [
    ...(rounds.length > 0
      ? [`${rounds.length === 1 ? 'round' : 'rounds'} ${rounds.toSorted((a, b) => a - b).join(', ')}`]
      : []),
    ...new Set(others),
  ].join(' and ');
}
