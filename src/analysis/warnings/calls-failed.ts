import { type FailureTexts, mergeFailureTexts } from '../../measure/logs/failure-texts.ts';
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
  /** What the first of each kind said, in the order in which kinds were first met. */
  readonly texts: readonly FailureTexts[];
}

export function failedCalls({ name, trials: { latency }, record }: PatternResult): CallsFailed[] {
  const trials = latency.filter(isOfOwnContract);
  const phases = trials.flatMap((trial) => trial.phases);
  const planned = plannedOf(phases);
  const failed = planned - countOf(phases, 'ok');
  if (failed === 0) return [];
  const texts = mergeFailureTexts(trials.map(({ failureTexts }) => failureTexts));
  return [{ code: 'calls-failed', name, failed, planned, phases, isTarget: record.target !== null, texts }];
}
