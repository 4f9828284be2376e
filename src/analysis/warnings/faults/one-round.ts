import type { FaultComparison } from '../../faults/fault-comparison.ts';

/** Single trials of different cases show nothing of the variation between rounds. */
export interface OneRound {
  readonly code: 'spread-unknown';
  readonly trials: number;
}

export function oneRound(comparisons: readonly FaultComparison[]): OneRound[] {
  if (comparisons.length === 0 || comparisons.some(({ trials }) => trials.length > 1)) return [];
  return [{ code: 'spread-unknown', trials: comparisons.reduce((n, { trials }) => n + trials.length, 0) }];
}
