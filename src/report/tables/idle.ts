import { mergeSeries } from '../../measure/figures/histogram.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatInterval, formatLimit, formatRate, formatShare, formatUs } from '../format.ts';
import type { Result, Trial } from '../../record/record.ts';
import type { ResultRow } from '../../analysis/patterns/row.ts';
import {
  ratePerS,
  shareReached,
  type Variability,
  variabilityOf,
} from '../../analysis/patterns/variability.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { variabilityText } from '../reasons/variability-text.ts';
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
      { id: 'busy-rate', title: 'Busy rate, of ceiling', align: 'right' },
      { id: 'busy-ratio', title: 'Busy/idle [95 %]', align: 'left' },
      { id: 'variable', title: 'Found', align: 'left' },
      { id: 'idle-measurement', title: 'Measurement', align: 'left' },
    ],
    rows: rows.map((row) => ({
      pattern: row.pattern.id,
      title: row.pattern.title,
      part: null,
      cells: cellsOf(row, busyShare, notes),
    })),
  };
}

function cellsOf(row: ResultRow, busyShare: number, notes: Footnotes): Cell[] {
  if (row.idle.length === 0) return Array.from({ length: 6 }, () => EMPTY_CELL);
  const variability = variabilityOf(row, busyShare);
  const { interval } = variability;
  const blocks = (name: string) =>
    row.idle.flatMap((trial) => trial.phases.filter((phase) => phase.name.startsWith(name)));
  const busy = blocks('busy-');
  return [
    medianCell(blocks('idle-')),
    medianCell(busy),
    rateCell(row, busy),
    interval ? textCell(formatInterval(interval), { value: interval.ratio, unit: 'ratio' }) : EMPTY_CELL,
    foundCell(row, variability, notes),
    measurementCell(row.idle, notes),
  ];
}

function medianCell(phases: Trial['phases']): Cell {
  if (phases.length === 0) return EMPTY_CELL;
  const cell = quantileCell(mergeSeries(phases.map((phase) => phase.completion)), 0.5);
  return cell.state === 'known'
    ? textCell(formatUs(cell.valueUs), { value: cell.valueUs, unit: 'us' })
    : EMPTY_CELL;
}

function rateCell(row: ResultRow, busy: Trial['phases']): Cell {
  const value = ratePerS(busy);
  if (value === undefined) return EMPTY_CELL;
  const share = shareReached(row);
  return textCell(formatRate(value), {
    value,
    unit: 'per-s',
    below: share === undefined ? null : formatShare(share),
  });
}

function foundCell(row: ResultRow, { found, reason }: Variability, notes: Footnotes): Cell {
  if (found !== 'unknown') return textCell(found);
  const marks = reason === null ? [] : [notes.mark(`${row.pattern.title}: ${variabilityText(reason)}.`)];
  return textCell("can't tell", { tone: 'weak', marks });
}
