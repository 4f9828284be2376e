import type { Finding } from '../../finding.ts';
import type { FaultLine } from '../../faults/fault-line.ts';

/** Endpoints of which nobody can say whether they were harmed, once for all lines. */
export interface HealthUnknown extends Finding {
  readonly code: 'health-unknown';
  readonly endpoints: readonly string[];
}

export function unknownHealth(lines: readonly FaultLine[]): HealthUnknown[] {
  const blasts = lines.flatMap(({ health }) => health.blast ?? []);
  const endpoints = [
    ...new Set(
      blasts.flatMap(({ dependent, independent }) => [...dependent.unjudged, ...independent.unjudged]),
    ),
  ];
  if (endpoints.length === 0) return [];
  const subject = endpoints.map((id) => ({ kind: 'endpoint', id }) as const);
  return [{ code: 'health-unknown', subject, figures: [], caveats: [], endpoints }];
}
