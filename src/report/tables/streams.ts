import type { Footnotes } from '../footnotes.ts';
import { plural } from '../format.ts';
import type { Result } from '../../record/record.ts';
import type { PatternResult, SeriesKind } from '../../analysis/patterns/pattern-result.ts';
import { figureColumn, lineRow, tableOf } from '../table.ts';
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
  const percentile = (kind: SeriesKind, q: number) => (line: PatternResult) =>
    quantileOf(line, kind, q, notes);
  return tableOf(
    {
      id: 'streams',
      title: `Streams: first item and jitter, ${plural(scenario.rounds, 'round')}`,
      nameOf: lineRow,
      columns: [
        figureColumn('first-p50', 'First item p50', percentile('firstItem', 0.5)),
        figureColumn('first-p90', 'First item p90', percentile('firstItem', 0.9)),
        figureColumn('jitter-p50', 'Jitter p50', percentile('itemJitter', 0.5)),
        figureColumn('jitter-p90', 'Jitter p90', percentile('itemJitter', 0.9)),
        figureColumn('jitter-p99', 'Jitter p99', percentile('itemJitter', 0.99)),
      ],
    },
    streams,
  );
}
