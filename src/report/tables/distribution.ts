import { valueRangeOf } from '../../measure/figures/histogram.ts';
import type { PatternResult, RoundedSeries } from '../../analysis/patterns/pattern-result.ts';
import { histogramAxis, histogramBars } from '../charts/histogram-bars.ts';
import { barsCell } from '../cells.ts';
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
  const axis = textCell(histogramAxis(range), { unit: 'graph', tone: 'weak' });
  return {
    id: 'distribution',
    title: 'Latency distribution',
    columns: [
      { id: 'wait', title: 'Response time', align: 'left' },
      { id: 'done', title: 'Completion time', align: 'left' },
    ],
    rows: [
      ...measured.map((pattern) => ({
        pattern: pattern.record.id,
        title: pattern.name,
        part: null,
        cells: [graph(pattern.series.response), graph(pattern.series.completion)],
      })),
      { pattern: null, title: '(axis, log)', part: null, cells: [axis, axis] },
    ],
  };
}
