import {
  type ClosedLoopLine,
  closedLoopLines,
  type OverTurns,
} from '../../analysis/patterns/closed-loops.ts';
import type { PatternResult } from '../../analysis/patterns/pattern-result.ts';
import type { FigureUnit } from '../../analysis/finding.ts';
import { figureCell } from '../cells.ts';
import { formatCount, formatFigure, plural } from '../format.ts';
import { figureColumn, type TableColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';

/** Rate and response time of each pattern by the number of calls open; undefined where no closed loop was run. */
export function closedLoopsSection(patterns: readonly PatternResult[]): Section | undefined {
  const lines = closedLoopLines(patterns);
  if (lines.length === 0) return undefined;
  const turns = Math.max(...lines.map((line) => line.turns));
  return tableOf<ClosedLoopLine>(
    {
      id: 'closed-loops',
      title: `Closed loop by the number of calls open: callers send again when they are answered; median of ${plural(turns, 'turn')}, below it their range`,
      isCompared: true,
      nameOf: ({ pattern: { record } }) => ({ pattern: record.id, title: record.title }),
      columns: COLUMNS,
    },
    lines,
  );
}

const COLUMNS: readonly TableColumn<ClosedLoopLine>[] = [
  {
    ...textColumn('open', 'Open', ({ open }: ClosedLoopLine) => textCell(`${formatCount(open)} open`)),
    isLabel: true,
    priority: 1,
  },
  figureColumn('accepted', 'Accepted', ({ acceptedPerS }) => overCell(acceptedPerS, 'per-s'), {
    priority: 1,
  }),
  figureColumn('done', 'Done', ({ donePerS }) => overCell(donePerS, 'per-s'), { priority: 1 }),
  figureColumn('response-p50', 'Response time p50', ({ responseP50Us }) => overCell(responseP50Us, 'us'), {
    priority: 1,
  }),
  figureColumn(
    'failed',
    'Failed',
    ({ failed }) => (failed > 0 ? figureCell(failed, 'count', { tone: 'bad' }) : EMPTY_CELL),
    {
      priority: 2,
      isOptional: true,
    },
  ),
];

function overCell(over: OverTurns | null, unit: FigureUnit): Cell {
  if (!over) return EMPTY_CELL;
  const { median, low, high } = over;
  const below = low === high ? null : `${formatFigure(low, unit)}–${formatFigure(high, unit)}`;
  return figureCell(median, unit, { below, interval: { low, high } });
}
