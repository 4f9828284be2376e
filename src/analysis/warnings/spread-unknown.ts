import type { PatternResult } from '../patterns/pattern-result.ts';

/** One round shows nothing of the variation between rounds. */
export interface SpreadUnknown {
  readonly code: 'spread-unknown';
  readonly names: readonly string[];
}

export function singleRounds(lines: readonly PatternResult[]): SpreadUnknown[] {
  const names = lines.filter(({ trials: { latency } }) => latency.length === 1).map(({ name }) => name);
  return names.length === 0 ? [] : [{ code: 'spread-unknown', names }];
}
