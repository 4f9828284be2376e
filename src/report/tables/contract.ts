import type { ContractLine } from '../../analysis/patterns/contract-changes.ts';
import { shareCell } from '../cells.ts';
import { formatShare } from '../format.ts';
import { validCell } from '../screen/tables/figures.ts';
import { figureColumn, type TableColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';

/** Ends of the calls of callers that have the first version, by pattern and by the version that is served. */
export function contractSection(lines: readonly ContractLine[]): Section {
  return tableOf<ContractLine>(
    {
      id: 'contract',
      title: 'Calls of old callers to a service with another version of the contract',
      isCompared: true,
      nameOf: ({ pattern }) => ({ pattern: pattern.id, title: pattern.title }),
      columns: [
        VERSION,
        part('held', 'Done as sent', 'held', 'plain'),
        part('refused', 'Error to the caller', 'refused'),
        {
          ...part('caught', "Caught by the caller's check", 'caught'),
          cell: caughtCell,
        },
        part('dead-lettered', 'Accepted, dead-lettered', 'deadLettered'),
        part('skipped', 'Accepted, skipped', 'skipped'),
        part('silent', 'Stored otherwise, unnoticed', 'silent'),
        part('other', 'Failed otherwise', 'other'),
        figureColumn('valid', 'Valid', ({ trials }) => validCell(trials), { priority: 4 }),
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

function caughtCell({ counts, planned, caughtLate }: ContractLine): Cell {
  const below = caughtLate === 0 ? null : `${formatShare(caughtLate / planned)} stored otherwise`;
  return partCell(counts.caught, planned, { tone: 'bad', below });
}
