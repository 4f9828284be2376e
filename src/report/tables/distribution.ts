import { rangeOf } from '../../measure/figures/histogram.ts';
import type { ResultRow, RoundedSeries } from '../../analysis/patterns/row.ts';
import { histogramAxis, histogramBars } from '../charts/histogram-bars.ts';
import { barsCell } from '../cells.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';

/** Small histograms on one common axis; undefined where no row has any sample. */
export function distributionSection(rows: readonly ResultRow[]): Section | undefined {
  const measured = rows.filter((row) => row.response.merged || row.completion.merged);
  const range = rangeOf(
    measured.flatMap((row) => [row.response.merged, row.completion.merged]).filter((s) => s !== null),
  );
  if (!range) return undefined;
  const graph = ({ merged }: RoundedSeries): Cell =>
    merged && merged.count > 0 ? barsCell(histogramBars('', merged, range)) : EMPTY_CELL;
  const axis = textCell(histogramAxis(range), { unit: 'graph', tone: 'weak' });
  return {
    id: 'distribution',
    title: 'How the times are spread',
    columns: [
      { id: 'wait', title: 'Caller waits', align: 'left' },
      { id: 'done', title: 'Work done', align: 'left' },
    ],
    rows: [
      ...measured.map((row) => ({
        pattern: row.pattern.id,
        title: row.name,
        part: null,
        cells: [graph(row.response), graph(row.completion)],
      })),
      { pattern: null, title: '(axis, log)', part: null, cells: [axis, axis] },
    ],
  };
}
