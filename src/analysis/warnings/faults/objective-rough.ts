import { quantileCell } from '../../../measure/figures/percentile.ts';
import type { EndpointFigures } from '../../../measure/hops/hop-figures.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import type { FaultComparison } from '../../faults/fault-comparison.ts';

/**
 * Without a declared objective, health is rated by a percentile of the baseline, which is chance if based on few calls.
 */
export interface ObjectiveRough {
  readonly code: 'objective-rough';
  /** Titles. */
  readonly endpoints: readonly string[];
}

export function roughObjectives(
  comparisons: readonly FaultComparison[],
  { objectiveMs }: Pick<Scenario, 'objectiveMs'>,
): ObjectiveRough[] {
  if (objectiveMs !== null) return [];
  const all = comparisons.flatMap(({ trials, controls }) =>
    [...trials, ...controls].flatMap(({ hops }) => hops?.endpoints ?? []),
  );
  const endpoints = [...new Set(all.filter(isRough).map(({ title }) => title))];
  return endpoints.length === 0 ? [] : [{ code: 'objective-rough', endpoints }];
}

function isRough({ phases }: EndpointFigures): boolean {
  const baseline = phases.find(({ name }) => name === 'baseline');
  return !baseline || quantileCell(baseline.response, 0.99).state !== 'known';
}
