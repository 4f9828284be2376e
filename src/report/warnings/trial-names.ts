import type { TrialRef } from '../../analysis/warnings/trial-ref.ts';

/** `round 3`, `the outage trial`. */
export function trialName(trial: TrialRef): string {
  const ofVariant = trial.variant === null ? '' : ` of ${trial.variant}`;
  return {
    latency: `round ${trial.round}`,
    outage: 'the outage trial',
    middle: "the broker's outage trial",
    idle: 'the idle and busy trial',
    count: 'the counting trial',
    null: 'the floor',
    fault: `the faults${trial.case === null ? '' : ` "${trial.case}"`}${ofVariant}`,
    control: `the control${ofVariant}`,
  }[trial.kind];
}

/** Trials of faults; more of them are counted. */
const MOST_NAMED = 3;

/** `rounds 1, 3 and the outage trial`. */
export function trialList(trials: readonly TrialRef[]): string {
  const rounds = trials.filter((t) => t.kind === 'latency').map((t) => t.round);
  const others = trials.filter((t) => t.kind !== 'latency').map(trialName);
  const faulted = trials.filter(({ kind }) => kind === 'fault' || kind === 'control').length;
  if (faulted > MOST_NAMED) return `${faulted} trials with faults or their controls`;
  return [
    ...(rounds.length > 0
      ? [`${rounds.length === 1 ? 'round' : 'rounds'} ${rounds.toSorted((a, b) => a - b).join(', ')}`]
      : []),
    ...new Set(others),
  ].join(' and ');
}
