import { amplification } from '../faults/edge-totals.ts';
import type { FaultComparison } from '../faults/fault-comparison.ts';
import { nameWithCase } from '../faults/fault-trials.ts';
import type { ClaimEvidence } from './evidence.ts';

/** Tries at the last service that is waited for, per call due, while faults lasted; null where none were due. */
export function triesPerDue({ work: { leaf } }: FaultComparison): number | null {
  return leaf ? amplification(leaf.seen) : null;
}

/** Tries beyond the first of each call, over the whole trial. */
export function repeatedTries({ trials }: FaultComparison): number {
  const phases = trials.flatMap(({ hops }) => (hops?.edges ?? []).flatMap((edge) => edge.phases));
  return phases.reduce((n, { attempts, calls }) => n + Math.max(0, attempts - calls), 0);
}

export function triesEvidence(comparison: FaultComparison): ClaimEvidence {
  const found = comparison.work.leaf;
  return {
    code: 'tries',
    line: nameWithCase(comparison),
    leaf: found ? { service: found.leaf, ...found.seen } : null,
    repeated: repeatedTries(comparison),
  };
}
