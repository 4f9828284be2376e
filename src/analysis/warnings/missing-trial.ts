import { kindByName } from '../../plan/kinds/kinds.ts';
import type { PatternResult } from '../patterns/pattern-result.ts';
import { refOf, type TrialRef } from './trial-ref.ts';

/** A trial without figures. */
export interface MissingTrial {
  /** not-ours: a broker that the run did not start is never taken down. */
  readonly code: 'trial-failed' | 'trial-skipped' | 'not-ours';
  readonly title: string;
  readonly trial: TrialRef;
  readonly why: string | null;
}

export function failedTrials({ record: { title }, trials: { failed } }: PatternResult): MissingTrial[] {
  return failed.map((trial) => ({
    code: 'trial-failed',
    title,
    trial: refOf(trial),
    why: trial.failure,
  }));
}

/** Planned trials that could not be run here: one entry for all rounds. */
export function skippedTrials({ record: { title }, trials: { skipped } }: PatternResult): MissingTrial[] {
  const all = skipped.map((trial): MissingTrial => ({
    code: kindByName(trial.kind).words.skipped?.code === 'not-ours' ? 'not-ours' : 'trial-skipped',
    title,
    trial: refOf(trial),
    why: trial.failure,
  }));
  return all.filter((one, i) => all.findIndex((other) => isSame(one, other)) === i);
}

function isSame(one: MissingTrial, other: MissingTrial): boolean {
  const [a, b] = [one, other].map(({ trial, why }) => JSON.stringify([calledBy(trial), why]));
  return a === b;
}

/** Name of a trial among those of its pattern. */
function calledBy(trial: TrialRef): string {
  return kindByName(trial.kind).words.report(trial);
}
