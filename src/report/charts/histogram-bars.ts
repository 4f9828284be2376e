import type { Series } from '../../measure/figures/figures.ts';
import { type BinRange, logBins } from '../../measure/figures/histogram.ts';
import { formatUs } from '../format.ts';
import type { BarSeries } from './chart.ts';

const BINS = 28;

/** A histogram in bins of equal width on a logarithmic axis. */
export function histogramBars(title: string, series: Series, range: BinRange): BarSeries {
  const bins = logBins(series, BINS, range);
  return {
    kind: 'bars',
    title,
    bars: bins.map(({ fromUs, toUs, count }) => ({ from: fromUs, to: toUs, y: count })),
  };
}

/** The ends of that axis, as wide as the bars: `0.31 ms ────────── 12.0 ms`. */
export function histogramAxis(range: BinRange): string {
  const [low, high] = [formatUs(range.fromUs), formatUs(range.toUs)];
  return `${low} ${'─'.repeat(Math.max(1, BINS - low.length - high.length - 2))} ${high}`;
}
