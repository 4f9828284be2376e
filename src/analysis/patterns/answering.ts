import { orderOf } from './order.ts';
import type { PatternResult } from './pattern-result.ts';

/** Whether its percentiles are of a growing backlog, or of the few calls that succeeded. */
export function isPatternSaturated({ trials: { latency } }: PatternResult): boolean {
  return latency.some((trial) => trial.load.verdict === 'saturated');
}

/** Answering, unsaturated patterns by response time: groups in order, without an order within a group. */
export function soonestAnswers(patterns: readonly PatternResult[]): PatternResult[][] {
  return orderOf(
    patterns.filter((pattern) => pattern.waitsFor === 'reply' && !isPatternSaturated(pattern)),
    'response',
  );
}
