import { logBins, type BinRange } from '../../measure/figures/histogram.ts';
import type { Series } from '../../measure/figures/figures.ts';
import { formatUs } from '../format.ts';

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const EMPTY = '·';
export const SPARKLINE_WIDTH = 28;

/** A histogram as bars on a logarithmic axis; a bin with any sample at all shows a bar. */
export function sparkline(series: Series, range: BinRange): string {
  const counts = logBins(series, SPARKLINE_WIDTH, range).map((bin) => bin.count);
  const highest = Math.max(1, ...counts);
  return counts.map((n) => (n === 0 ? EMPTY : BARS[Math.ceil((n / highest) * BARS.length) - 1]!)).join('');
}

/** The ends of the axis, as wide as a sparkline: `0.31 ms ────────── 12.0 ms`. */
export function sparklineAxis(range: BinRange): string {
  const [low, high] = [formatUs(range.fromUs), formatUs(range.toUs)];
  return `${low} ${'─'.repeat(Math.max(1, SPARKLINE_WIDTH - low.length - high.length - 2))} ${high}`;
}
