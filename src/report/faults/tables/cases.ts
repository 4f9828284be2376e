import type { Scenario } from '../../../scenario/schema/schema.ts';
import { shareCell } from '../../cells.ts';
import type { Footnotes } from '../../footnotes.ts';
import { figureColumn, tableOf } from '../../table.ts';
import { type Cell, EMPTY_CELL, type Section } from '../../view.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { byCase } from '../../../analysis/faults/fault-trials.ts';
import { lostShare } from '../../../analysis/faults/requests.ts';
import { recoveryEndText, lossText, workTexts } from '../loss.ts';
import { comparisonHead } from '../fault-table.ts';
import { missingCell } from './resilience.ts';

/** All cases in one table: a row per variant, a column per case, the loss and the recovery. */
export function casesSection(
  comparisons: readonly FaultComparison[],
  scenario: Scenario,
  notes: Footnotes,
): Section | undefined {
  const cases = byCase(comparisons);
  if (cases.length < 2) return undefined;
  const names = [...new Set(comparisons.map(({ name }) => name))];
  return tableOf(
    {
      id: 'cases',
      title:
        'Lost requests that depend on the fault, of those due while it lasted (below: recovery after the fault)',
      head: comparisonHead(comparisons),
      isCompared: true,
      nameOf: (name) => ({
        pattern: comparisons.find((comparison) => comparison.name === name)!.pattern.id,
        title: name,
        part: name,
      }),
      columns: cases.map((of) =>
        figureColumn(of[0]!.case?.id ?? 'faults', of[0]!.case?.title ?? 'faults', (name: string) => {
          const comparison = of.find((one) => one.name === name);
          return comparison ? lostCell(comparison, scenario, notes) : EMPTY_CELL;
        }),
      ),
    },
    names,
  );
}

function lostCell(comparison: FaultComparison, scenario: Scenario, notes: Footnotes): Cell {
  const missing = missingCell(comparison, notes);
  if (missing) return missing;
  const lost = lostShare(comparison.harm);
  const end = lost > 0 ? recoveryEndText(comparison, scenario) : undefined;
  const below = [end, ...workTexts(comparison).map(shortened)].filter((text) => text !== undefined);
  return shareCell(lost, {
    text: lossText(lost),
    below: below.length > 0 ? below.join(', ') : null,
    tone: lost > 0 ? 'bad' : 'good',
  });
}

function shortened(text: string): string {
  return text.replace(' of the work', '').replace(' at its', ' at');
}
