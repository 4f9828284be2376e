import { amplification } from '../faults/edge-totals.ts';
import type { FaultComparison } from '../faults/fault-comparison.ts';
import { leafTotals } from '../../report/faults/tables/resilience.ts';
import { formatCount, plural } from '../../report/format.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { comparisonName } from './fault-claims.ts';

/** At the last service that is waited for, over those due, while faults lasted; null where none were. */
export function triesPerDue(comparison: FaultComparison, scenario: Scenario): number | null {
  const found = leafTotals(comparison, scenario);
  return found ? amplification(found.seen) : null;
}

/** Tries beyond the first of each call, over the whole trial. */
export function repeatedTries({ trials }: FaultComparison): number {
  const phases = trials.flatMap(({ hops }) => (hops?.edges ?? []).flatMap((edge) => edge.phases));
  return phases.reduce((n, { attempts, calls }) => n + Math.max(0, attempts - calls), 0);
}

/** `3 tries: 812 tries at stock while it lasted, 225 due, 0 rejected; 600 repeated over the whole trial`. */
export function triesFigure(comparison: FaultComparison, scenario: Scenario): string {
  const found = leafTotals(comparison, scenario);
  if (!found) return `${comparisonName(comparison)}: nobody is waited for`;
  const { attempts, expected, rejected } = found.seen;
  return `${comparisonName(comparison)}: ${plural(attempts, 'try', 'tries')} at ${found.leaf} while it lasted, ${formatCount(expected)} due, ${formatCount(rejected)} rejected; ${formatCount(repeatedTries(comparison))} repeated over the whole trial`;
}
