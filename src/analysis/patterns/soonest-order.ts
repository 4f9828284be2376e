import { comparableRounds, ORDER_ROUNDS, orderOf } from './order.ts';
import { shortfallOf } from './answering.ts';
import { isDrifting } from './drift.ts';
import { isMarked, type PatternResult, type SeriesKind } from './pattern-result.ts';
import { comparableMedian } from './side-by-side.ts';

/** Order by the medians of a figure, as far as the rounds carry it. */
export interface SoonestOrder {
  readonly groups: readonly (readonly PatternResult[])[];
  readonly verdict: 'ordered' | 'not-significant' | 'too-few-rounds';
}

/** An order is claimed only between patterns that can be compared in enough of their rounds. */
export function rankablePatterns(patterns: readonly PatternResult[], kind: SeriesKind): PatternResult[] {
  return patterns.filter((pattern) => {
    const { latency } = pattern.trials;
    if (shortfallOf(pattern) || isDrifting(pattern) || isMarked(latency, 0.5)) return false;
    const comparable = latency.filter((trial) => comparableMedian(trial, kind).state === 'usable');
    return (
      pattern.series[kind].merged && comparable.length >= Math.min(ORDER_ROUNDS, Math.max(1, latency.length))
    );
  });
}

/**
 * Ordered as far as the intervals of the ratios in the same rounds support it.
 * @param patterns that may be ranked
 */
export function soonestOf(patterns: readonly PatternResult[], kind: SeriesKind): SoonestOrder {
  const groups = orderOf(patterns, kind);
  if (patterns.length > 1 && comparableRounds(patterns, kind) < ORDER_ROUNDS)
    return { groups, verdict: 'too-few-rounds' };
  return { groups, verdict: groups.length > 1 || patterns.length === 1 ? 'ordered' : 'not-significant' };
}
