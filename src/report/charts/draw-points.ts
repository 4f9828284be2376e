import { formatFigure } from '../format.ts';
import type { Chart, ChartAxis, ChartPoint, PointSeries } from './chart.ts';

const [LINE, SEVERAL, UNMEASURED] = ['·', '*', '×'] as const;
const USUAL_HEIGHT = 16;
/** A curve over more columns is no easier to read. */
const WIDEST = 100;
const NARROWEST = 24;

/**
 * Latency against load, both axes logarithmic: what grows in proportion to the load rises at one angle wherever it
 * stands, and patterns that lie ten times apart have both their shapes. A letter for each pattern.
 */
export function drawPoints(
  { series, x: xAxis, y: yAxis }: Chart,
  width: number,
  height = USUAL_HEIGHT,
): string[] {
  const curves = series.filter((one) => one.kind === 'points');
  if (!yAxis || curves.every(({ points }) => points.length === 0)) return [];
  const y = placesOn(yAxis, height - 1);
  const labels = ticksOf(y).map(({ value, at }) => ({ text: formatFigure(value, yAxis.unit), at }));
  const margin = Math.max(...labels.map(({ text }) => text.length)) + 1;
  const columns = Math.min(WIDEST, Math.max(NARROWEST, width - margin - 2));
  const x = placesOn(xAxis, columns - 1);
  const cells = Array.from({ length: height }, () => Array.from({ length: columns }, () => ' '));
  for (const [i, curve] of curves.entries()) plot(cells, curve, letterOf(i), { x, y });
  const body = cells.toReversed().map((line, i) => {
    const label = labels.find(({ at }) => at === height - 1 - i)?.text ?? '';
    return `${label.padStart(margin)}${label === '' ? '│' : '┤'}${line.join('')}`;
  });
  return [...body, ...axisLines(x, margin, columns), ...legend(curves, body)].map((line) => line.trimEnd());
}

/** `A`, `B`, ...: a scenario has 20 patterns at most. */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

interface Places extends ChartAxis {
  /** Place of a value, from 0 to the axis' last. */
  place(value: number): number;
}

function placesOn(axis: ChartAxis, last: number): Places {
  const { from, to } = axis;
  // With one value the axis would have no length.
  const perPlace = Math.log(Math.max(to / from, 1.01)) / last;
  return { ...axis, place: (value) => Math.round(Math.log(value / from) / perPlace) };
}

/** 1, 2 and 5 of every power of ten within, or its ends where there are fewer than two of these. */
function ticksOf(axis: Places): { value: number; at: number }[] {
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(axis.from)); 10 ** power <= axis.to; power++) {
    for (const digit of [1, 2, 5]) {
      const value = digit * 10 ** power;
      if (value >= axis.from && value <= axis.to) found.push(value);
    }
  }
  return (found.length < 2 ? [axis.from, axis.to] : found).map((value) => ({ value, at: axis.place(value) }));
}

type Cells = string[][];

function plot(cells: Cells, curve: PointSeries, letter: string, { x, y }: { x: Places; y: Places }): void {
  const places = curve.points.map((point) => ({
    ...point,
    column: x.place(point.x),
    line: y.place(point.y),
  }));
  for (const [i, to] of places.entries()) {
    const from = places[i - 1];
    if (from && !isUnknownBetween(curve, from, to)) connect(cells, from, to);
  }
  for (const { column, line, isSaturated } of places) {
    put(cells, line, column, isSaturated ? letter.toLowerCase() : letter);
  }
  for (const gap of curve.gaps) put(cells, 0, x.place(gap), UNMEASURED);
}

/** A line would say what is not known. */
function isUnknownBetween({ gaps }: PointSeries, from: ChartPoint, to: ChartPoint): boolean {
  return gaps.some((gap) => gap > from.x && gap < to.x);
}

interface Place {
  readonly column: number;
  readonly line: number;
}

function connect(cells: Cells, from: Place, to: Place): void {
  for (let column = from.column + 1; column < to.column; column++) {
    const share = (column - from.column) / (to.column - from.column);
    const line = Math.round(from.line + share * (to.line - from.line));
    if (cells[line]![column] === ' ') cells[line]![column] = LINE;
  }
}

function put(cells: Cells, line: number, column: number, mark: string): void {
  const before = cells[line]![column]!;
  const isFree = before === ' ' || before === LINE || before === mark;
  cells[line]![column] = isFree ? mark : SEVERAL;
}

function axisLines(x: Places, margin: number, columns: number): string[] {
  const ruler = Array.from({ length: columns }, () => '─');
  let text = '';
  for (const { value, at } of ticksOf(x)) {
    ruler[at] = '┬';
    const label = formatFigure(value, x.unit);
    const from = Math.min(at, columns - label.length);
    // A label that would touch the one before it is omitted; its mark stays.
    if (text !== '' && from < text.length + 2) continue;
    text = text.padEnd(from) + label;
  }
  return [`${' '.repeat(margin)}└${ruler.join('')}`, `${' '.repeat(margin + 1)}${text}`];
}

function legend(curves: readonly PointSeries[], body: readonly string[]): string[] {
  const marks = curves.flatMap(({ points }, i) => (points.length > 0 ? [i] : []));
  const names = marks.map((i) => `${letterOf(i)} ${curves[i]!.title}`);
  const all = curves.flatMap(({ points }) => points);
  const notes = [
    ...(all.some(({ isSaturated }) => isSaturated) ? ['lower case: saturated'] : []),
    ...(curves.some(({ gaps }) => gaps.length > 0) ? [`${UNMEASURED} nothing valid there`] : []),
    ...(body.some((line) => line.includes(SEVERAL)) ? [`${SEVERAL} several patterns`] : []),
  ];
  return [names.join('  '), ...(notes.length > 0 ? [notes.join(', ')] : [])];
}
