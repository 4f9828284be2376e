import type { Nanoseconds } from '../kernel/clock.ts';
import type { Series } from '../measure/figures/figures.ts';
import { quantileCell, type QuantileCell } from '../measure/figures/percentile.ts';
import type { BarSeries } from './charts/chart.ts';
import { drawBars } from './charts/draw-bars.ts';
import type { Footnotes } from './footnotes.ts';
import { formatCount, formatRatio, formatShare, formatUs, plural, quantileName } from './format.ts';
import { knownQuantile } from '../analysis/patterns/known-quantile.ts';
import { type Cell, EMPTY_CELL, textCell } from './view.ts';

/** Cells of figures that several sections have. */

export function countCell(n: number, more: Partial<Cell> = {}): Cell {
  return textCell(formatCount(n), { value: n, unit: 'count', ...more });
}

/** Null: nothing to take a share of. */
export function shareCell(share: number | null, more: Partial<Cell> = {}): Cell {
  if (share === null) return EMPTY_CELL;
  return textCell(formatShare(share), { value: share, unit: 'share', ...more });
}

export function ratioCell(ratio: number | null, more: Partial<Cell> = {}): Cell {
  if (ratio === null) return EMPTY_CELL;
  return textCell(formatRatio(ratio), { value: ratio, unit: 'ratio', ...more });
}

export function timeCell(ns: Nanoseconds | null, more: Partial<Cell> = {}): Cell {
  if (ns === null) return EMPTY_CELL;
  return textCell(formatUs(ns / 1000), { value: ns / 1000, unit: 'us', ...more });
}

/** Drawn as text, with what is drawn. */
export function barsCell(bars: BarSeries, highest?: number): Cell {
  return textCell(drawBars(bars, highest), { unit: 'graph', bars });
}

/** From the highest; p99.9 takes 20,000 calls. */
const COLUMN_QUANTILES = [0.999, 0.99, 0.95, 0.9, 0.75] as const;

/** The highest quantile that at least half of these series tell: what a column of them is of. */
export function columnQuantile(all: readonly (Series | null)[]): number {
  const filled = all.filter((series) => series !== null && series.count > 0);
  const known = (q: number) => filled.filter((series) => quantileCell(series!, q).state === 'known').length;
  return COLUMN_QUANTILES.find((q) => known(q) * 2 >= filled.length) ?? 0.75;
}

/**
 * A quantile or, where too few samples tell it, the highest lower one that they do, by its name; below it
 * the same one of the series that it is compared with.
 */
export function highestCell(series: Series | null, quantile: number, control: Series | null): Cell {
  if (!series || series.count === 0) return EMPTY_CELL;
  const asked = quantileCell(series, quantile);
  const known = asked.state === 'known' ? asked : knownQuantile(series, quantile);
  if (!known || known.quantile > quantile) return textCell('too few', { tone: 'weak' });
  const name = known.quantile === quantile ? '' : `${quantileName(known.quantile)} `;
  const against = control && quantileCell(control, known.quantile);
  return textCell(name + formatUs(known.valueUs), {
    value: known.valueUs,
    unit: 'us',
    below: against?.state === 'known' ? `vs ${formatUs(against.valueUs)}` : null,
  });
}

/** What it would take to know a percentile (DESIGN 3.11). */
export function needsCell(cell: Extract<QuantileCell, { state: 'needs' }>, notes: Footnotes): Cell {
  const enough = cell.samplesBeyond >= cell.samplesNeeded;
  const text = enough
    ? `needs ${cell.intervalsNeeded} intervals`
    : `needs ${plural(cell.countNeeded, 'call')}`;
  const mark = notes.mark(
    `A percentile is printed with at least ${cell.samplesNeeded} samples beyond it, from at least ${cell.intervalsNeeded} separate 100 ms intervals: one pause is one event.`,
  );
  return textCell(text, { marks: [mark], tone: 'weak' });
}
