import type { Nanoseconds } from '../kernel/clock.ts';
import type { Series } from '../measure/figures/figures.ts';
import { quantileCell, type QuantileCell } from '../measure/figures/percentile.ts';
import type { BarSeries } from './charts/chart.ts';
import { drawBars } from './charts/draw-bars.ts';
import type { Footnotes } from './footnotes.ts';
import type { FigureUnit } from '../analysis/finding.ts';
import { formatFigure, formatUs, plural, quantileName } from './format.ts';
import { type KnownQuantile, knownQuantile } from '../analysis/patterns/known-quantile.ts';
import { type Cell, EMPTY_CELL, textCell } from './view.ts';

/** Cells of figures that several sections have. */

/** A figure as text in its unit; empty where there is none. */
export function figureCell(
  value: number | null | undefined,
  unit: FigureUnit,
  more: Partial<Cell> = {},
): Cell {
  if (value === null || value === undefined) return EMPTY_CELL;
  return textCell(formatFigure(value, unit), { value, unit, ...more });
}

export function countCell(n: number, more?: Partial<Cell>): Cell {
  return figureCell(n, 'count', more);
}

/** Empty where there is none. */
export function someCell(n: number, more?: Partial<Cell>): Cell {
  return n === 0 ? EMPTY_CELL : countCell(n, more);
}

/** Null: nothing to take a share of. */
export function shareCell(share: number | null, more?: Partial<Cell>): Cell {
  return figureCell(share, 'share', more);
}

export function ratioCell(ratio: number | null, more?: Partial<Cell>): Cell {
  return figureCell(ratio, 'ratio', more);
}

export function timeCell(ns: Nanoseconds | null, more?: Partial<Cell>): Cell {
  return figureCell(ns === null ? null : ns / 1000, 'us', more);
}

/** For a screen: without a second line and marks, and empty where there is no figure. */
export function figureOnly(cell: Cell): Cell {
  return cell.value === null ? EMPTY_CELL : { ...cell, below: null, marks: [] };
}

/** `p95 4.33 ms`. */
export function knownCell({ quantile, valueUs }: KnownQuantile, more?: Partial<Cell>): Cell {
  return figureCell(valueUs, 'us', { text: `${quantileName(quantile)} ${formatUs(valueUs)}`, ...more });
}

/** Drawn as text, with what is drawn. */
export function barsCell(bars: BarSeries, highest?: number): Cell {
  return textCell(drawBars(bars, highest), { unit: 'graph', bars });
}

/** From the highest; p99.9 takes 20,000 calls. */
const COLUMN_QUANTILES = [0.999, 0.99, 0.95, 0.9, 0.75] as const;

/** The highest quantile that is known for at least half of these series: that of their column. */
export function columnQuantile(all: readonly (Series | null)[]): number {
  const filled = all.filter((series) => series !== null && series.count > 0);
  const known = (q: number) => filled.filter((series) => quantileCell(series!, q).state === 'known').length;
  return COLUMN_QUANTILES.find((q) => known(q) * 2 >= filled.length) ?? 0.75;
}

/**
 * A quantile or, with too few samples, the highest known lower one, by its name; below it
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

/** Calls that it takes to know a percentile (DESIGN 3.11). */
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
