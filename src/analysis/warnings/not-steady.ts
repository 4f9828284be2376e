import { type PatternResult, timedTrials } from '../patterns/pattern-result.ts';
import { refOf, type TrialRef } from './trial-ref.ts';

/** Latencies were still changing after the warm-up. */
export interface NotSteady {
  readonly code: 'not-steady';
  readonly title: string;
  readonly trials: readonly TrialRef[];
  /** Suggested calls of a longer warm-up. */
  readonly calls: number;
}

/** Multiple of the calls that were too few. */
const LONGER = 3;

export function unsteadyTrials(pattern: PatternResult): NotSteady[] {
  const trials = [...timedTrials(pattern), ...pattern.trials.faulted].filter(
    ({ warmUp }) => warmUp.isSteady === false,
  );
  const [first] = trials;
  if (!first) return [];
  const calls = first.warmUp.calls * LONGER;
  return [{ code: 'not-steady', title: pattern.record.title, trials: trials.map(refOf), calls }];
}
