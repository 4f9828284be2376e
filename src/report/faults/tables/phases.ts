import { columnQuantile, figureCell, highestCell } from '../../cells.ts';
import { formatRate, quantileName } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section } from '../../view.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { correctCell, degradedCell, dueCell, finallyDoneCell, ifCompletes } from '../cells.ts';
import { type ComparedLine, faultTable, labelColumn } from '../fault-table.ts';
import { figureColumn, type TableColumn } from '../../table.ts';
import { type Compared, phaseRequests } from '../../../analysis/faults/requests.ts';
import { phasesByName } from '../../../analysis/faults/stages.ts';

interface PhaseLine extends ComparedLine {
  readonly phase: string;
  readonly seen: Compared;
}

/** Phase by phase: outcomes and times of requests, beside the control at the same time. */
export function phasesSection(comparisons: readonly FaultComparison[]): Section {
  const lines = comparisons.flatMap((comparison) =>
    namesOf(comparison).map((phase) => ({ comparison, phase, seen: phaseRequests(comparison, phase) })),
  );
  return faultTable<PhaseLine>(
    {
      id: 'phases',
      title: 'By phase (vs: the control at the same time)',
      columns: [
        labelColumn('Phase', ({ phase }) => phase),
        figureColumn('due', 'Calls due', ({ seen }) => dueCell(seen)),
        figureColumn('goodput', 'Goodput', ({ seen }) => goodputCell(seen)),
        figureColumn('correct', 'Correct', ({ seen }) => correctCell(seen)),
        figureColumn('degraded', 'Degraded', ({ seen: { here } }) => degradedCell(here)),
        ...timeColumns(lines, 'response'),
        figureColumn(
          'done',
          'Finally done',
          ifCompletes(({ seen: { here } }) => finallyDoneCell(here)),
        ),
        ...timeColumns(lines, 'completion').map(({ cell, ...column }) => {
          return { ...column, cell: ifCompletes(cell) };
        }),
      ],
    },
    lines,
  );
}

/** The median, and the highest quantile that is known for most lines. */
function timeColumns(lines: readonly PhaseLine[], kind: 'response' | 'completion'): TableColumn<PhaseLine>[] {
  const tail = columnQuantile(lines.map(({ seen }) => seen.here[kind]));
  const title = { response: 'Response', completion: 'Completion' }[kind];
  return [0.5, tail].map((quantile) =>
    figureColumn(
      `${kind}-${quantileName(quantile)}`,
      `${title} ${quantileName(quantile)}`,
      ({ seen: { here, control } }) => highestCell(here[kind], quantile, control[kind]),
    ),
  );
}

/** Phases of all rounds, in the order of their beginnings. */
function namesOf({ trials }: FaultComparison): string[] {
  return phasesByName(trials).map(({ name }) => name);
}

function goodputCell({ here, control }: Compared): Cell {
  if (here.planned === 0) return EMPTY_CELL;
  return figureCell(here.correct / here.seconds, 'per-s', {
    below: control.planned === 0 ? null : `vs ${formatRate(control.correct / control.seconds)}`,
  });
}
