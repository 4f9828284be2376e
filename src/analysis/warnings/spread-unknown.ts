import type { PatternResult } from '../patterns/pattern-result.ts';

/** One round tells nothing of how much figures vary by themselves. */
export interface SpreadUnknown {
  readonly code: 'spread-unknown';
  readonly names: readonly string[];
}

export function singleRounds(lines: readonly PatternResult[]): SpreadUnknown[] {
  const names = lines.filter(({ trials: { latency } }) => latency.length === 1).map(({ name }) => name);
  return names.length === 0 ? [] : [{ code: 'spread-unknown', names }];
}
