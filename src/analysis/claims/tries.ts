import { amplification } from '../faults/edges-seen.ts';
import { type FaultLine, nameWithCase } from '../faults/fault-line.ts';
import { leafSeen } from '../faults/leaf-seen.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { ClaimEvidence } from './evidence.ts';

/** At the last service that is waited for, over those due, while faults lasted; null where none were. */
export function triesPerDue(line: FaultLine, scenario: Scenario): number | null {
  const found = leafSeen(line, scenario);
  return found ? amplification(found.seen) : null;
}

/** Tries beyond the first of each call, over the whole trial. */
export function repeatedTries({ trials }: FaultLine): number {
  const phases = trials.flatMap(({ hops }) => (hops?.edges ?? []).flatMap((edge) => edge.phases));
  return phases.reduce((n, { attempts, calls }) => n + Math.max(0, attempts - calls), 0);
}

export function triesEvidence(line: FaultLine, scenario: Scenario): ClaimEvidence {
  const found = leafSeen(line, scenario);
  return {
    code: 'tries',
    line: nameWithCase(line),
    leaf: found ? { service: found.leaf, ...found.seen } : null,
    repeated: repeatedTries(line),
  };
}
