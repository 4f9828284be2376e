import { amplification } from '../faults/edges-seen.ts';
import type { FaultLine } from '../faults/fault-line.ts';
import { leafSeen } from '../../report/faults/tables/resilience.ts';
import { formatCount, plural } from '../../report/format.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { nameOf } from './fault-lines.ts';

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

/** `3 tries: 812 tries at stock while it lasted, 225 due, 0 rejected; 600 repeated over the whole trial`. */
export function triesFigure(line: FaultLine, scenario: Scenario): string {
  const found = leafSeen(line, scenario);
  if (!found) return `${nameOf(line)}: nobody is waited for`;
  const { attempts, expected, rejected } = found.seen;
  return `${nameOf(line)}: ${plural(attempts, 'try', 'tries')} at ${found.leaf} while it lasted, ${formatCount(expected)} due, ${formatCount(rejected)} rejected; ${formatCount(repeatedTries(line))} repeated over the whole trial`;
}
