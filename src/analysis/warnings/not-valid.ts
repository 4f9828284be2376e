import type { Trial } from '../../record/record.ts';
import { type ResultRow, timedTrials } from '../patterns/row.ts';
import { refOf, type TrialRef } from './trial-ref.ts';

/** Trials of a pattern whose measurement may not be used, by why. */
export interface NotValid {
  readonly code: Exclude<Trial['measurement']['verdict'], 'valid'>;
  readonly title: string;
  readonly trials: readonly TrialRef[];
  /** Of the first one; null: nothing more is known. */
  readonly detail: string | null;
}

const VERDICTS = ['incomplete', 'generator-bound', 'disturbed'] as const;

export function notValidTrials(row: ResultRow): NotValid[] {
  return VERDICTS.flatMap((code) => {
    // The times of a counting trial are not looked at, its calls are.
    const counted = code === 'incomplete' ? row.count : [];
    const trials = [...timedTrials(row), ...row.faulted, ...counted, ...row.floor].filter(
      ({ measurement }) => measurement.verdict === code,
    );
    const [first] = trials;
    if (!first) return [];
    const detail = first.measurement.causes.find(({ cause }) => cause === code)?.detail ?? null;
    return [{ code, title: row.pattern.title, trials: trials.map(refOf), detail }];
  });
}
