import { spreadOf } from '../../measure/figures/percentile.ts';
import { comparableRounds, ORDER_ROUNDS, orderOf } from './order.ts';
import { isMarked, isValid, type PatternResult } from './pattern-result.ts';

/** The pattern whose work completes soonest, if it is known. */
export interface SoonestCompletion {
  readonly groups: readonly (readonly PatternResult[])[];
  /** no-median: one of two patterns has none. */
  readonly verdict: 'ordered' | 'not-significant' | 'too-few-rounds' | 'no-median';
}

/** An order is claimed only between valid and unmarked patterns. */
export function rankableRows(patterns: readonly PatternResult[]): PatternResult[] {
  return patterns.filter(
    (pattern) =>
      isValid(pattern.trials.latency) &&
      !isMarked(pattern.trials.latency, 0.5) &&
      pattern.series.completion.merged,
  );
}

/**
 * Minimum rounds of each pattern. Ranges of two like patterns do not overlap with probability 2 (n!)^2 / (2n)!: a third
 * at 2 rounds, 0.8 % at 5 (an exact permutation test).
 */
export const ROUNDS_TO_CLAIM = 5;

/** @param rows patterns that may be ranked */
export function soonestCompletion(patterns: readonly PatternResult[]): SoonestCompletion {
  const [a, b, ...more] = patterns;
  return a && b && more.length === 0 ? orderOfTwo(a, b) : orderOfSeveral(patterns);
}

/** Two patterns are ordered only where their rounds do not overlap. */
function orderOfTwo(a: PatternResult, b: PatternResult): SoonestCompletion {
  const [x, y] = [medianRange(a), medianRange(b)];
  const groups = [[a, b]];
  if (!x || !y) return { groups, verdict: 'no-median' };
  if (Math.min(x.rounds, y.rounds) < ROUNDS_TO_CLAIM) return { groups, verdict: 'too-few-rounds' };
  if (x.highUs < y.lowUs) return { groups: [[a], [b]], verdict: 'ordered' };
  return y.highUs < x.lowUs
    ? { groups: [[b], [a]], verdict: 'ordered' }
    : { groups, verdict: 'not-significant' };
}

/** More than two patterns are ordered as far as the intervals of their ratios support it. */
function orderOfSeveral(patterns: readonly PatternResult[]): SoonestCompletion {
  const groups = orderOf(patterns, 'completion');
  if (comparableRounds(patterns, 'completion') < ORDER_ROUNDS) return { groups, verdict: 'too-few-rounds' };
  return { groups, verdict: groups.length > 1 ? 'ordered' : 'not-significant' };
}

function medianRange(pattern: PatternResult) {
  const spread = spreadOf(pattern.series.completion.rounds, 0.5);
  return spread.state === 'known' && spread.quantile === 0.5 ? spread : undefined;
}
