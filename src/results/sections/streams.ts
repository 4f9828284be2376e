import type { Footnotes } from '../footnotes.ts';
import { plural } from '../format.ts';
import type { Result } from '../record.ts';
import type { ResultRow } from '../row.ts';
import type { Section } from '../view.ts';
import { quantileOf } from './latency.ts';

/** Of rows whose answer comes in parts; undefined where there is none. */
export function streamsSection(
  { scenario }: Result,
  lines: readonly ResultRow[],
  notes: Footnotes,
): Section | undefined {
  const streams = lines.filter((line) => line.firstItem.merged !== null);
  if (streams.length === 0) return undefined;
  return {
    id: 'streams',
    title: `Streams: when the first item came, and from each item to the next, ${plural(scenario.rounds, 'round')}`,
    columns: [
      { id: 'first-p50', title: 'First item p50', align: 'right' },
      { id: 'first-p99', title: 'First item p99', align: 'right' },
      { id: 'gap-p50', title: 'Gap p50', align: 'right' },
      { id: 'gap-p99', title: 'Gap p99', align: 'right' },
      { id: 'done-p50', title: 'Work done p50', align: 'right' },
    ],
    rows: streams.map((line) => ({
      pattern: line.pattern.id,
      title: line.name,
      part: null,
      cells: [
        quantileOf(line, 'firstItem', 0.5, notes),
        quantileOf(line, 'firstItem', 0.99, notes),
        quantileOf(line, 'itemJitter', 0.5, notes),
        quantileOf(line, 'itemJitter', 0.99, notes),
        quantileOf(line, 'completion', 0.5, notes),
      ],
    })),
  };
}
