import { mergeSeries } from '../../measure/histogram.ts';
import { quantileCell } from '../../measure/percentile.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatInterval, formatLimit, formatRate, formatUs } from '../format.ts';
import type { Phase } from '../../measure/figures.ts';
import { NS_PER_S } from '../../kernel/clock.ts';
import type { Result } from '../record.ts';
import type { ResultRow } from '../row.ts';
import { variabilityOf } from '../variability.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { measurementCell } from './verdicts.ts';

/** Is the latency of a row another one when it is busy? Undefined where no row was asked. */
export function idleSection(
  { scenario }: Result,
  rows: readonly ResultRow[],
  notes: Footnotes,
): Section | undefined {
  if (!scenario.idle || rows.every((row) => row.idle.length === 0)) return undefined;
  const { idlePerS, busyShare, blocks } = scenario.idle;
  return {
    id: 'idle',
    title: `Idle (${formatRate(idlePerS)}) and busy (${formatLimit(busyShare)} of the row's own ceiling) in turn: work done, ${blocks} pairs of blocks`,
    columns: [
      { id: 'idle-p50', title: 'Idle p50', align: 'right' },
      { id: 'busy-p50', title: 'Busy p50', align: 'right' },
      { id: 'busy-rate', title: 'Busy rate', align: 'right' },
      { id: 'busy-ratio', title: 'Busy/idle [95 %]', align: 'left' },
      { id: 'variable', title: 'Found', align: 'left' },
      { id: 'idle-measurement', title: 'Measurement', align: 'left' },
    ],
    rows: rows.map((row) => ({
      pattern: row.pattern.id,
      title: row.pattern.title,
      part: null,
      cells: cellsOf(row, notes),
    })),
  };
}

function cellsOf(row: ResultRow, notes: Footnotes): Cell[] {
  if (row.idle.length === 0) return Array.from({ length: 6 }, () => EMPTY_CELL);
  const { interval } = variabilityOf(row);
  const blocks = (name: string) =>
    row.idle.flatMap((trial) => trial.phases.filter((phase) => phase.name.startsWith(name)));
  const busy = blocks('busy-');
  return [
    medianCell(blocks('idle-')),
    medianCell(busy),
    rateCell(row, busy, notes),
    interval ? textCell(formatInterval(interval), { value: interval.ratio, unit: 'ratio' }) : EMPTY_CELL,
    foundCell(row, notes),
    measurementCell(row.idle, notes),
  ];
}

function medianCell(phases: readonly Phase[]): Cell {
  if (phases.length === 0) return EMPTY_CELL;
  const cell = quantileCell(mergeSeries(phases.map((phase) => phase.completion)), 0.5);
  return cell.state === 'known'
    ? textCell(formatUs(cell.valueUs), { value: cell.valueUs, unit: 'us' })
    : EMPTY_CELL;
}

function rateCell(row: ResultRow, busy: readonly Phase[], notes: Footnotes): Cell {
  const ns = busy.reduce((sum, phase) => sum + phase.toNs - phase.fromNs, 0);
  if (ns === 0) return EMPTY_CELL;
  const value = (busy.reduce((sum, phase) => sum + phase.planned, 0) * NS_PER_S) / ns;
  const marks = row.idle.flatMap((trial) => trial.notes).map((note) => notes.mark(note));
  return textCell(formatRate(value), { value, unit: 'per-s', marks: [...new Set(marks)] });
}

function foundCell(row: ResultRow, notes: Footnotes): Cell {
  const { found, reason } = variabilityOf(row);
  if (found !== 'unknown') return textCell(found);
  const marks = reason === null ? [] : [notes.mark(`${row.pattern.title}: ${reason}.`)];
  return textCell("can't tell", { tone: 'weak', marks });
}
