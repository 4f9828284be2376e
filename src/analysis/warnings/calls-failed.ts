import type { Phase } from '../../measure/figures/figures.ts';
import { countOf } from '../patterns/outcomes.ts';
import { isOfOwnContract } from '../patterns/contract-changes.ts';
import { plannedOf, type PatternResult } from '../patterns/pattern-result.ts';

/** Failed calls without a fault: a reader of percentiles alone would miss them. */
export interface CallsFailed {
  readonly code: 'calls-failed';
  readonly name: string;
  readonly failed: number;
  readonly planned: number;
  readonly phases: readonly Phase[];
  readonly isTarget: boolean;
}

export function failedCalls({ name, trials: { latency }, record }: PatternResult): CallsFailed[] {
  const phases = latency.filter(isOfOwnContract).flatMap((trial) => trial.phases);
  const planned = plannedOf(phases);
  const failed = planned - countOf(phases, 'ok');
  if (failed === 0) return [];
  return [{ code: 'calls-failed', name, failed, planned, phases, isTarget: record.target !== null }];
}
