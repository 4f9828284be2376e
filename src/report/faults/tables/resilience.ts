import { columnQuantile, countCell, highestCell, shareCell, timeCell } from '../../cells.ts';
import type { Footnotes } from '../../footnotes.ts';
import { validityCell } from '../../tables/verdicts.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { quantileName } from '../../format.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { isAsynchronous } from '../../../analysis/faults/fault-trials.ts';
import { figureColumn, type TableColumn } from '../../table.ts';
import { amplifiedCell, correctCell, degradedCell, dueCell, recoveredCell } from '../cells.ts';
import { type ComparedLine, faultTable } from '../fault-table.ts';
import { isAboutWaits } from '../../../analysis/faults/requests.ts';

/** One row per comparison: effect of the fault, protection, and recovery. */
export function resilienceSection(comparisons: readonly FaultComparison[], notes: Footnotes): Section {
  const of = (cell: (comparison: FaultComparison) => Cell) => {
    return { cell: ({ comparison }: ComparedLine) => cell(comparison) };
  };
  return faultTable<ComparedLine>(
    {
      id: 'resilience',
      title: 'Effect of the fault, and recovery (vs: the control, without the fault)',
      isExplained: true,
      missing: ({ comparison }) => missingCell(comparison, notes),
      columns: [
        {
          id: 'correct',
          title: 'Correct in fault',
          ...of((one) => ({ ...correctCell(one.harm), marks: acceptedMarks(one, notes) })),
        },
        { id: 'due', title: 'Calls due', ...of(({ harm }) => dueCell(harm)) },
        { id: 'recovered', title: 'Recovered after', ...of(recoveredCell) },
        ...(isAboutWaits(comparisons) ? [waitColumn(comparisons)] : []),
        { id: 'degraded', title: 'Degraded', ...of(({ harm }) => degradedCell(harm.here)) },
        {
          id: 'leaf',
          title: 'Retry amplification',
          ...of(({ work: { leaf } }) => amplifiedCell(leaf?.seen, { below: leaf?.leaf ?? null })),
        },
        { id: 'detected', title: 'Detected after', ...of(({ health }) => timeCell(health.detectedNs)) },
        { id: 'failed-fast', title: 'Failed fast', ...of(failedFastCell) },
        { id: 'false-opens', title: 'False trips', ...of(falseOpensCell) },
        {
          id: 'validity',
          title: 'Validity',
          align: 'left',
          ...of(({ trials, controls }) => validityCell([...trials, ...controls], notes, 'trials')),
        },
      ],
    },
    comparisons.map((comparison) => ({ comparison })),
  );
}

/** Null where it was run. */
export function missingCell({ missing, reason, pattern }: FaultComparison, notes: Footnotes): Cell | null {
  const why = reason ?? pattern.reason;
  return missing === null
    ? null
    : textCell(missing, { tone: 'weak', marks: why === null ? [] : [notes.mark(why)] });
}

const ACCEPTED =
  "Correct does not mean done here: a caller on the path waits for a broker's confirm only. Completion is shown beside it.";

function acceptedMarks(comparison: FaultComparison, notes: Footnotes): string[] {
  return isAsynchronous(comparison) ? [notes.mark(ACCEPTED)] : [];
}

function waitColumn(comparisons: readonly FaultComparison[]): TableColumn<ComparedLine> {
  const quantile = columnQuantile(comparisons.map(({ harm }) => harm.here.response));
  const name = quantileName(quantile);
  const cell = ({ comparison: { harm } }: ComparedLine) =>
    highestCell(harm.here.response, quantile, harm.control.response);
  return figureColumn(`response-${name}`, `Response ${name}`, cell);
}

function failedFastCell({ work: { leaf } }: FaultComparison): Cell {
  return leaf && leaf.seen.calls > 0 ? shareCell(leaf.seen.failedFast / leaf.seen.calls) : EMPTY_CELL;
}

function falseOpensCell({ health: { falseOpens } }: FaultComparison): Cell {
  return falseOpens === null ? EMPTY_CELL : countCell(falseOpens, { tone: falseOpens > 0 ? 'bad' : 'plain' });
}
