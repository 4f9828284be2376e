import { LOOSE_FROM } from '../../measure/figures/coupling.ts';
import type { Harm } from '../../measure/hops/health.ts';
import type { FaultComparison } from '../faults/fault-comparison.ts';
import { blastOf, endingOf } from '../faults/health-of.ts';
import { serviceLedgers } from '../faults/service-ledgers.ts';
import { recoveryText } from '../../report/faults/recovery-text.ts';
import { correctShare, harmedRequests, lostShare } from '../faults/requests.ts';
import { formatCount, formatShare, plural } from '../../report/format.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { comparisonName } from './fault-claims.ts';

const NOBODY: Harm = { harmed: 0, of: 0, names: [], undetermined: [] };

/** Endpoints harmed against the control, by whether their requests get to what the fault is on. */
export function harmOf(comparison: FaultComparison): {
  readonly dependent: Harm;
  readonly independent: Harm;
} {
  return blastOf(comparison) ?? { dependent: NOBODY, independent: NOBODY };
}

export function isAnyHarmed(comparison: FaultComparison): boolean {
  const { dependent, independent } = harmOf(comparison);
  return dependent.harmed + independent.harmed > 0;
}

/** `all REST, ledger slow: lost 61.2 % of 300 requests that depend on it; harmed: 1 of 1 that depend on it (place order), ...`. */
export function harmFigure(comparison: FaultComparison, scenario: Scenario): string {
  const { dependent, independent } = harmOf(comparison);
  const seen = harmedRequests(comparison, scenario);
  const harmed = ({ harmed: n, of, names }: Harm, which: string) =>
    of === 0 ? [] : [`${n} of ${of} that ${which}${n > 0 ? ` (${names.join(', ')})` : ''}`];
  const endpoints = [...harmed(dependent, 'depend on it'), ...harmed(independent, 'do not')];
  return `${comparisonName(comparison)}: lost ${formatShare(lostShare(seen))} of ${plural(seen.here.planned, 'request')} that depend on it; endpoints harmed: ${endpoints.join(', ')}`;
}

/** Loose, as coupling is judged (DESIGN 4): nearly all answered in time while the fault lasted, and finally done. */
export function isLoose(comparison: FaultComparison, scenario: Scenario): boolean {
  const { here } = harmedRequests(comparison, scenario);
  return correctShare(here) >= LOOSE_FROM && here.done >= LOOSE_FROM * here.planned;
}

/** `Message queue: 100 % of 1,500 requests answered in time while it lasted, 100 % finally done, 0 lost`. */
export function looseFigure(comparison: FaultComparison, scenario: Scenario): string {
  const { here } = harmedRequests(comparison, scenario);
  const done = here.planned === 0 ? 1 : here.done / here.planned;
  return `${comparisonName(comparison)}: ${formatShare(correctShare(here))} of ${plural(here.planned, 'request')} answered in time while it lasted, ${formatShare(done)} finally done, ${formatCount(lostCount(comparison))} accepted and lost`;
}

export function lostCount(comparison: FaultComparison): number {
  return serviceLedgers(comparison).reduce((n, { lost }) => n + lost, 0);
}

/** `3 tries, stock frozen: recovered after 0.42 s`. */
export function endFigure(comparison: FaultComparison, scenario: Scenario): string {
  const ending = endingOf(comparison, scenario);
  return `${comparisonName(comparison)}: recovered after the fault: ${ending ? recoveryText(ending.recovery) : 'nothing is known'}`;
}
