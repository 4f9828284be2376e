import { spreadOf } from '../../measure/figures/percentile.ts';
import { comparableRounds, ORDER_ROUNDS, orderOf } from './order.ts';
import { isMarked, isValid, type PatternResult, type SeriesKind } from './pattern-result.ts';

/** Order by the medians of a figure, as far as the rounds carry it. */
export interface SoonestOrder {
  readonly groups: readonly (readonly PatternResult[])[];
  /** no-median: one of two patterns has none. */
  readonly verdict: 'ordered' | 'not-significant' | 'too-few-rounds' | 'no-median';
}

/** An order is claimed only between valid and unmarked patterns. */
export function rankablePatterns(patterns: readonly PatternResult[], kind: SeriesKind): PatternResult[] {
  return patterns.filter(
    (pattern) =>
      isValid(pattern.trials.latency) &&
      !isMarked(pattern.trials.latency, 0.5) &&
      pattern.series[kind].merged,
  );
}

/**
 * Minimum rounds of each pattern. Ranges of two like patterns do not overlap with probability 2 (n!)^2 / (2n)!: a third
 * at 2 rounds, 0.8 % at 5 (an exact permutation test).
 */
const ROUNDS_TO_CLAIM = 5;

/** @param patterns that may be ranked */
export function soonestOf(patterns: readonly PatternResult[], kind: SeriesKind): SoonestOrder {
  const [a, b, ...more] = patterns;
  return a && b && more.length === 0 ? orderOfTwo(a, b, kind) : orderOfSeveral(patterns, kind);
}

/** Two patterns are ordered only where their rounds do not overlap. */
function orderOfTwo(a: PatternResult, b: PatternResult, kind: SeriesKind): SoonestOrder {
  const [x, y] = [medianRange(a, kind), medianRange(b, kind)];
  const groups = [[a, b]];
  if (!x || !y) return { groups, verdict: 'no-median' };
  if (Math.min(x.rounds, y.rounds) < ROUNDS_TO_CLAIM) return { groups, verdict: 'too-few-rounds' };
  if (x.highUs < y.lowUs) return { groups: [[a], [b]], verdict: 'ordered' };
  return y.highUs < x.lowUs
    ? { groups: [[b], [a]], verdict: 'ordered' }
    : { groups, verdict: 'not-significant' };
}

/** More than two patterns are ordered as far as the intervals of their ratios support it. */
function orderOfSeveral(patterns: readonly PatternResult[], kind: SeriesKind): SoonestOrder {
  const groups = orderOf(patterns, kind);
  if (comparableRounds(patterns, kind) < ORDER_ROUNDS) return { groups, verdict: 'too-few-rounds' };
  return { groups, verdict: groups.length > 1 ? 'ordered' : 'not-significant' };
}

function medianRange(pattern: PatternResult, kind: SeriesKind) {
  const spread = spreadOf(pattern.series[kind].rounds, 0.5);
  return spread.state === 'known' && spread.quantile === 0.5 ? spread : undefined;
}
