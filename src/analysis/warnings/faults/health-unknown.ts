import type { FaultLine } from '../../faults/fault-line.ts';

/** Endpoints of which nobody can say whether they were harmed, once for all lines. */
export interface HealthUnknown {
  readonly code: 'health-unknown';
  /** Titles. */
  readonly endpoints: readonly string[];
}

export function unknownHealth(lines: readonly FaultLine[]): HealthUnknown[] {
  const blasts = lines.flatMap(({ health }) => health.blast ?? []);
  const unjudged = blasts.flatMap(({ dependent, independent }) => [
    ...dependent.unjudged,
    ...independent.unjudged,
  ]);
  const endpoints = [...new Set(unjudged)];
  return endpoints.length === 0 ? [] : [{ code: 'health-unknown', endpoints }];
}
