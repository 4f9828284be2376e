import { amplification } from '../faults/edges-seen.ts';
import type { FaultLine } from '../faults/fault-line.ts';
import { nameWithCase } from '../faults/fault-trials.ts';
import type { ClaimEvidence } from './evidence.ts';

/** At the last service that is waited for, over those due, while faults lasted; null where none were. */
export function triesPerDue({ work: { leaf } }: FaultLine): number | null {
  return leaf ? amplification(leaf.seen) : null;
}

/** Tries beyond the first of each call, over the whole trial. */
export function repeatedTries({ trials }: FaultLine): number {
  const phases = trials.flatMap(({ hops }) => (hops?.edges ?? []).flatMap((edge) => edge.phases));
  return phases.reduce((n, { attempts, calls }) => n + Math.max(0, attempts - calls), 0);
}

export function triesEvidence(line: FaultLine): ClaimEvidence {
  const found = line.work.leaf;
  return {
    code: 'tries',
    line: nameWithCase(line),
    leaf: found ? { service: found.leaf, ...found.seen } : null,
    repeated: repeatedTries(line),
  };
}
