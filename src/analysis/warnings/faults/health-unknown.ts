import type { FaultComparison } from '../../faults/fault-comparison.ts';

/** Endpoints of unknown health, once for all comparisons. */
export interface HealthUnknown {
  readonly code: 'health-unknown';
  /** Titles. */
  readonly endpoints: readonly string[];
}

export function unknownHealth(comparisons: readonly FaultComparison[]): HealthUnknown[] {
  const blasts = comparisons.flatMap(({ health }) => health.blast ?? []);
  const undetermined = blasts.flatMap(({ dependent, independent }) => [
    ...dependent.undetermined,
    ...independent.undetermined,
  ]);
  const endpoints = [...new Set(undetermined)];
  return endpoints.length === 0 ? [] : [{ code: 'health-unknown', endpoints }];
}
