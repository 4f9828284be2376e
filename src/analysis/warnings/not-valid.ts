import type { Trial } from '../../record/record.ts';
import { type PatternResult, timedTrials } from '../patterns/pattern-result.ts';
import { refOf, type TrialRef } from './trial-ref.ts';

/** Trials of a pattern that are not valid, by cause. */
export interface NotValid {
  readonly code: Exclude<Trial['validity']['verdict'], 'valid'>;
  readonly title: string;
  readonly trials: readonly TrialRef[];
  /** Detail of the first one; null: nothing more is known. */
  readonly detail: string | null;
}

const VERDICTS = ['incomplete', 'generator-bound', 'disturbed'] as const;

export function notValidTrials(pattern: PatternResult): NotValid[] {
  return VERDICTS.flatMap((code) => {
    // A counting trial is used for its calls, not for its times.
    const counted = code === 'incomplete' ? pattern.trials.wireBytes : [];
    const trials = [
      ...timedTrials(pattern),
      ...pattern.trials.faulted,
      ...counted,
      ...pattern.trials.noop,
    ].filter(({ validity }) => validity.verdict === code);
    const [first] = trials;
    if (!first) return [];
    const detail = first.validity.causes.find(({ cause }) => cause === code)?.detail ?? null;
    return [{ code, title: pattern.record.title, trials: trials.map(refOf), detail }];
  });
}
