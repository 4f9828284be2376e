import { orderOf } from './order.ts';
import type { PatternResult } from './pattern-result.ts';

/** Its percentiles are of a growing backlog, or of the few calls that did. */
export function isRowSaturated({ trials: { latency } }: PatternResult): boolean {
  return latency.some((trial) => trial.load.verdict === 'saturated');
}

/** Of the rows that answer, and keep up, by when their caller has the answer: in groups without an order within. */
export function soonestAnswers(patterns: readonly PatternResult[]): PatternResult[][] {
  return orderOf(
    patterns.filter((pattern) => pattern.waitsFor === 'reply' && !isRowSaturated(pattern)),
    'response',
  );
}
