import { valueRangeOf } from '../../measure/figures/histogram.ts';
import type { PatternResult, RoundedSeries } from '../../analysis/patterns/pattern-result.ts';
import { histogramAxis, histogramBars } from '../charts/histogram-bars.ts';
import { barsCell } from '../cells.ts';
import { lineRow, type TableColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';

/** Small histograms on one common axis; undefined where no row has any sample. */
export function distributionSection(patterns: readonly PatternResult[]): Section | undefined {
  const measured = patterns.filter(
    (pattern) => pattern.series.response.merged || pattern.series.completion.merged,
  );
  const range = valueRangeOf(
    measured
      .flatMap((pattern) => [pattern.series.response.merged, pattern.series.completion.merged])
      .filter((s) => s !== null),
  );
  if (!range) return undefined;
  const graph = ({ merged }: RoundedSeries): Cell =>
    merged && merged.count > 0 ? barsCell(histogramBars('', merged, range)) : EMPTY_CELL;
  const foot = textCell(histogramAxis(range), { unit: 'graph', tone: 'weak' });
  const column = (id: string, title: string, kind: 'response' | 'completion'): TableColumn<PatternResult> => {
    return textColumn(id, title, ({ series }) => graph(series[kind]), { foot });
  };
  return tableOf(
    {
      id: 'distribution',
      title: 'Latency distribution',
      nameOf: lineRow,
      columns: [column('wait', 'Response time', 'response'), column('done', 'Completion time', 'completion')],
      foot: '(axis, log)',
    },
    measured,
  );
}
