import type { Footnotes } from '../footnotes.ts';
import { plural } from '../format.ts';
import type { Result } from '../../record/record.ts';
import type { PatternResult, SeriesKind } from '../../analysis/patterns/pattern-result.ts';
import { lineRow } from '../row-name.ts';
import { type TableColumn, tableOf } from '../table.ts';
import type { Section } from '../view.ts';
import { quantileOf } from './latency.ts';

/** Patterns with items one after the other, from one service or as events; undefined where there is none. */
export function streamsSection(
  { scenario }: Result,
  lines: readonly PatternResult[],
  notes: Footnotes,
): Section | undefined {
  const streams = lines.filter((line) => line.series.firstItem.merged !== null);
  if (streams.length === 0) return undefined;
  const column = (id: string, title: string, kind: SeriesKind, q: number): TableColumn<PatternResult> => {
    return { id, title, cell: (line) => quantileOf(line, kind, q, notes) };
  };
  return tableOf(
    {
      id: 'streams',
      title: `Streams: first item and jitter, ${plural(scenario.rounds, 'round')}`,
      nameOf: lineRow,
      columns: [
        column('first-p50', 'First item p50', 'firstItem', 0.5),
        column('first-p90', 'First item p90', 'firstItem', 0.9),
        column('jitter-p50', 'Jitter p50', 'itemJitter', 0.5),
        column('jitter-p90', 'Jitter p90', 'itemJitter', 0.9),
        column('jitter-p99', 'Jitter p99', 'itemJitter', 0.99),
      ],
    },
    streams,
  );
}
