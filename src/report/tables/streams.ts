import type { Footnotes } from '../footnotes.ts';
import { plural } from '../format.ts';
import type { Result } from '../../record/record.ts';
import type { PatternResult } from '../../analysis/patterns/pattern-result.ts';
import type { Section } from '../view.ts';
import { quantileOf } from './latency.ts';

/** Of rows whose items come one after the other, from one service or as events; undefined where there is none. */
export function streamsSection(
  { scenario }: Result,
  lines: readonly PatternResult[],
  notes: Footnotes,
): Section | undefined {
  const streams = lines.filter((line) => line.series.firstItem.merged !== null);
  if (streams.length === 0) return undefined;
  return {
    id: 'streams',
    title: `Streams: first item and jitter, ${plural(scenario.rounds, 'round')}`,
    columns: [
      { id: 'first-p50', title: 'First item p50', align: 'right' },
      { id: 'first-p90', title: 'First item p90', align: 'right' },
      { id: 'jitter-p50', title: 'Jitter p50', align: 'right' },
      { id: 'jitter-p90', title: 'Jitter p90', align: 'right' },
      { id: 'jitter-p99', title: 'Jitter p99', align: 'right' },
    ],
    rows: streams.map((line) => ({
      pattern: line.record.id,
      title: line.name,
      part: null,
      cells: [
        quantileOf(line, 'firstItem', 0.5, notes),
        quantileOf(line, 'firstItem', 0.9, notes),
        quantileOf(line, 'itemJitter', 0.5, notes),
        quantileOf(line, 'itemJitter', 0.9, notes),
        quantileOf(line, 'itemJitter', 0.99, notes),
      ],
    })),
  };
}
