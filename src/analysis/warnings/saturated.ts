import type { PatternResult } from '../patterns/pattern-result.ts';
import { refOf, type TrialRef } from './trial-ref.ts';

export interface Saturated {
  readonly code: 'saturated';
  readonly name: string;
  readonly trials: readonly TrialRef[];
  /** Detail of the first one. */
  readonly detail: string;
}

export function saturatedTrials({ name, trials: { latency } }: PatternResult): Saturated[] {
  const trials = latency.filter(({ load }) => load.verdict === 'saturated');
  const [first] = trials;
  return first ? [{ code: 'saturated', name, trials: trials.map(refOf), detail: first.load.detail }] : [];
}
