import { isCountable } from '../../analysis/patterns/countable.ts';
import type { ContractLine } from '../../analysis/patterns/contract-changes.ts';
import type { Trial } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { shareCell } from '../cells.ts';
import { formatShare } from '../format.ts';
import { figureColumn, type TableColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';

/** Ends of the calls of callers that have the first version, by pattern and by the version that is served. */
export function contractSection(
  lines: readonly ContractLine[],
  { deadlineMs }: Pick<Scenario, 'deadlineMs'>,
): Section {
  return tableOf<ContractLine>(
    {
      id: 'contract',
      title: 'Calls of old callers to a service with another version of the contract',
      isCompared: true,
      nameOf: ({ pattern }) => ({ pattern: pattern.id, title: pattern.title }),
      columns: [
        VERSION,
        part('held', 'Done as sent', 'held', 'plain'),
        part('refused', 'Error to caller', 'refused'),
        figureColumn('caught', 'Contract broken', caughtCell, { priority: 1 }),
        figureColumn('never-done', 'Accepted, not done', neverDoneCell, { priority: 1 }),
        part('silent', 'Silently stored otherwise', 'silent'),
        { ...part('other', 'Failed otherwise', 'other'), priority: 2 },
        figureColumn('counted', 'Trials counted', ({ trials }) => countedCell(trials, deadlineMs), {
          priority: 4,
        }),
      ],
    },
    lines,
  );
}

const VERSION: TableColumn<ContractLine> = {
  ...textColumn<ContractLine>('version', 'Served version', ({ variant, version }) =>
    textCell(variant?.title ?? version),
  ),
  isLabel: true,
  priority: 1,
};

function part(
  id: string,
  title: string,
  count: keyof ContractLine['counts'],
  tone: Cell['tone'] = 'bad',
): TableColumn<ContractLine> {
  return figureColumn(id, title, ({ counts, planned }) => partCell(counts[count], planned, { tone }), {
    priority: 1,
  });
}

/** A dash where there are none, so that the others are seen. */
function partCell(calls: number, planned: number, more: Partial<Cell>): Cell {
  return calls === 0 ? EMPTY_CELL : shareCell(calls / planned, more);
}

/** Below: what the broker did with them. */
function neverDoneCell({ counts: { deadLettered, skipped }, planned }: ContractLine): Cell {
  const ends = [...(deadLettered > 0 ? ['dead-lettered'] : []), ...(skipped > 0 ? ['skipped'] : [])];
  return partCell(deadLettered + skipped, planned, { tone: 'bad', below: ends.join(', ') || null });
}

function caughtCell({ counts, planned, caughtLate }: ContractLine): Cell {
  const below = caughtLate === 0 ? null : `${formatShare(caughtLate / planned)} stored otherwise`;
  return partCell(counts.caught, planned, { tone: 'bad', below });
}

/** Ends of calls are counts: a noisy machine does not change them, as long as every call was sent in time. */
function countedCell(trials: readonly Trial[], deadlineMs: number): Cell {
  const counted = trials.filter((trial) => isCountable(trial, deadlineMs, trial.phases)).length;
  return textCell(`${counted} of ${trials.length}`, { tone: counted < trials.length ? 'weak' : 'plain' });
}
