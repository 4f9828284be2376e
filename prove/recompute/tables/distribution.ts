import { isOnlyFaults } from '../figures/faults.ts';
import { type PatternLine, type SeriesName, variantLines, wholeOf } from '../figures/patterns.ts';
import type { Samples } from '../figures/samples.ts';
import type { StoredRecord } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

const BINS = 28;
const HEIGHTS = '▁▂▃▄▅▆▇█';

interface Axis {
  readonly from: number;
  readonly to: number;
}

/** A line of small histograms on one logarithmic axis, or the axis itself. */
interface DrawnLine {
  readonly line: PatternLine | null;
  readonly axis: Axis;
}

export const rules: readonly TableRule[] = [
  tableRule<DrawnLine>({
    of: ['run'],
    heading: /^Latency distribution$/,
    lines: (record) => (isOnlyFaults(record) ? [] : linesOf(record)),
    name: ({ line }) => line?.name ?? '(axis, log)',
    columns: () => ({
      'Response time': (one) => drawn(one, 'response'),
      'Completion time': (one) => drawn(one, 'completion'),
    }),
  }),
];

function linesOf(record: StoredRecord): DrawnLine[] {
  const measured = variantLines(record).filter(
    (line) => wholeOf(line, 'response') ?? wholeOf(line, 'completion'),
  );
  const filled = measured
    .flatMap((line) => [wholeOf(line, 'response'), wholeOf(line, 'completion')])
    .filter((samples) => samples !== null && samples.count > 0) as Samples[];
  if (filled.length === 0) return [];
  const from = Math.min(...filled.map(({ buckets }) => Math.max(1, buckets[0]!.low)));
  const axis = { from, to: Math.max(...filled.map(({ buckets }) => buckets.at(-1)!.high)) };
  return [...measured, null].map((line) => ({ line, axis }));
}

function drawn({ line, axis }: DrawnLine, of: SeriesName): OwnCell | string {
  if (line === null) {
    const [low, high] = [write.us(axis.from), write.us(axis.to)];
    return `${low} ${'─'.repeat(Math.max(1, BINS - low.length - high.length - 2))} ${high}`;
  }
  const samples = wholeOf(line, of);
  return samples && samples.count > 0 ? barsOf(samples, axis) : NOTHING;
}

/** A bucket counts where its middle lies. */
function barsOf({ buckets }: Samples, { from, to }: Axis): string {
  const counts = Array.from({ length: BINS }, () => 0);
  const binWidth = Math.log(Math.max(to / from, 1 + 1e-9)) / BINS;
  for (const { low, high, count } of buckets) {
    const bin = Math.trunc(Math.log((low + high) / 2 / from) / binWidth);
    counts[Math.min(BINS - 1, Math.max(0, bin))]! += count;
  }
  const highest = Math.max(...counts);
  return counts
    .map((n) => (n === 0 ? '·' : HEIGHTS[Math.ceil((HEIGHTS.length * n) / highest) - 1]!))
    .join('');
}
