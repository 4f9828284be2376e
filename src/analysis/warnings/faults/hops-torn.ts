import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';

/** Torn lines of the services' logs. */
export interface HopsTorn {
  readonly code: 'hops-torn';
  readonly line: string;
  readonly torn: number;
}

export function tornHops(comparison: FaultComparison): HopsTorn[] {
  const torn = comparison.trials.reduce((n, { hops }) => n + (hops?.torn ?? 0), 0);
  return torn === 0 ? [] : [{ code: 'hops-torn', line: nameWithCase(comparison), torn }];
}
