import type { Phase } from '../../measure/figures/figures.ts';
import { countOf } from '../patterns/outcomes.ts';
import { plannedOf, type PatternResult } from '../patterns/pattern-result.ts';

/** Without a fault every call should do: who reads only percentiles would not see those that did not. */
export interface CallsFailed {
  readonly code: 'calls-failed';
  readonly name: string;
  readonly failed: number;
  readonly planned: number;
  readonly phases: readonly Phase[];
  readonly isTarget: boolean;
}

export function failedCalls({ name, trials: { latency }, record }: PatternResult): CallsFailed[] {
  const phases = latency.flatMap((trial) => trial.phases);
  const planned = plannedOf(phases);
  const failed = planned - countOf(phases, 'ok');
  if (failed === 0) return [];
  return [{ code: 'calls-failed', name, failed, planned, phases, isTarget: record.target !== null }];
}
