import { type ResultRow, timedTrials } from '../patterns/row.ts';
import { refOf, type TrialRef } from './trial-ref.ts';

/** Latencies were still changing after the warm-up. */
export interface NotStationary {
  readonly code: 'not-stationary';
  readonly title: string;
  readonly trials: readonly TrialRef[];
  /** Calls of a warm-up that is worth trying. */
  readonly calls: number;
}

/** So many times the calls that were too few. */
const LONGER = 3;

export function unsteadyTrials(row: ResultRow): NotStationary[] {
  const trials = [...timedTrials(row), ...row.faulted].filter(({ warmUp }) => warmUp.stationary === false);
  const [first] = trials;
  if (!first) return [];
  const calls = first.warmUp.calls * LONGER;
  return [{ code: 'not-stationary', title: row.pattern.title, trials: trials.map(refOf), calls }];
}
