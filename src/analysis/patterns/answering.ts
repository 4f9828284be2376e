import { shortfallIn } from '../../measure/figures/figures.ts';
import { orderOf } from './order.ts';
import type { PatternResult } from './pattern-result.ts';

/** Whether its percentiles are of a growing backlog, or of the calls that succeeded beside many that did not. */
export function shortfallOf({ trials: { latency } }: PatternResult): ReturnType<typeof shortfallIn> {
  const all = latency.map(({ load }) => shortfallIn(load));
  return all.includes('saturated') ? 'saturated' : (all.find((code) => code !== null) ?? null);
}

/** Answering, patterns that kept up, by response time: groups in order, without an order within a group. */
export function soonestAnswers(patterns: readonly PatternResult[]): PatternResult[][] {
  return orderOf(
    patterns.filter((pattern) => pattern.waitsFor === 'reply' && !shortfallOf(pattern)),
    'response',
  );
}
