import { LOOSE_FROM } from '../../measure/figures/coupling.ts';
import type { Harm } from '../../measure/hops/health.ts';
import type { FaultLine } from '../faults/fault-line.ts';
import { blastOf, endingOfLine } from '../faults/health-seen.ts';
import { ledgersSeen } from '../faults/ledgers-seen.ts';
import { recoveryText } from '../../report/faults/recovery-text.ts';
import { correctShare, harmSeen, lostShare } from '../faults/seen.ts';
import { formatCount, formatShare, plural } from '../../report/format.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { nameOf } from './fault-lines.ts';

const NOBODY: Harm = { harmed: 0, of: 0, names: [], unjudged: [] };

/** Endpoints harmed against the control, by whether their requests get to what the fault is on. */
export function harmOf(line: FaultLine): { readonly dependent: Harm; readonly independent: Harm } {
  return blastOf(line) ?? { dependent: NOBODY, independent: NOBODY };
}

export function isAnyHarmed(line: FaultLine): boolean {
  const { dependent, independent } = harmOf(line);
  return dependent.harmed + independent.harmed > 0;
}

/** `all REST, ledger slow: lost 61.2 % of 300 requests that depend on it; harmed: 1 of 1 that depend on it (place order), ...`. */
export function harmFigure(line: FaultLine, scenario: Scenario): string {
  const { dependent, independent } = harmOf(line);
  const seen = harmSeen(line, scenario);
  const harmed = ({ harmed: n, of, names }: Harm, which: string) =>
    of === 0 ? [] : [`${n} of ${of} that ${which}${n > 0 ? ` (${names.join(', ')})` : ''}`];
  const endpoints = [...harmed(dependent, 'depend on it'), ...harmed(independent, 'do not')];
  return `${nameOf(line)}: lost ${formatShare(lostShare(seen))} of ${plural(seen.here.planned, 'request')} that depend on it; endpoints harmed: ${endpoints.join(', ')}`;
}

/** Loose, as coupling is judged (DESIGN 4): nearly all answered in time while the fault lasted, and finally done. */
export function isLoose(line: FaultLine, scenario: Scenario): boolean {
  const { here } = harmSeen(line, scenario);
  return correctShare(here) >= LOOSE_FROM && here.done >= LOOSE_FROM * here.planned;
}

/** `Message queue: 100 % of 1,500 requests answered in time while it lasted, 100 % finally done, 0 lost`. */
export function looseFigure(line: FaultLine, scenario: Scenario): string {
  const { here } = harmSeen(line, scenario);
  const done = here.planned === 0 ? 1 : here.done / here.planned;
  return `${nameOf(line)}: ${formatShare(correctShare(here))} of ${plural(here.planned, 'request')} answered in time while it lasted, ${formatShare(done)} finally done, ${formatCount(lostCount(line))} accepted and lost`;
}

export function lostCount(line: FaultLine): number {
  return ledgersSeen(line).reduce((n, { lost }) => n + lost, 0);
}

/** `3 tries, stock frozen: recovered after 0.42 s`. */
export function endFigure(line: FaultLine, scenario: Scenario): string {
  const ending = endingOfLine(line, scenario);
  return `${nameOf(line)}: recovered after the fault: ${ending ? recoveryText(ending.recovery) : 'nothing is known'}`;
}
