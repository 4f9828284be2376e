import type { FaultLine } from '../../faults/fault-line.ts';

/** Trials, each of something else, tell nothing of how much figures vary by themselves. */
export interface OneRound {
  readonly code: 'spread-unknown';
  readonly trials: number;
}

export function oneRound(lines: readonly FaultLine[]): OneRound[] {
  if (lines.length === 0 || lines.some(({ trials }) => trials.length > 1)) return [];
  return [{ code: 'spread-unknown', trials: lines.reduce((n, { trials }) => n + trials.length, 0) }];
}
