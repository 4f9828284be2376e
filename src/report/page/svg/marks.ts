import type { Chart, ChartMark, MarkSeries } from '../../charts/chart.ts';
import { type Markup, markup } from '../markup.ts';
import {
  type Drawing,
  eventOn,
  fitted,
  label,
  namesWidth,
  type Plot,
  spansOn,
  WIDTH,
  withAxis,
  xAxisOf,
} from './frame.ts';
import { CHARACTER, type PlacedAxis, px, axisText } from './scales.ts';
import { PAPER, type Palette, RULE, type SeriesStyle, symbolPath } from './styles.ts';
import { symbolCircle, symbolDiamond2, symbolTriangle2 } from 'd3-shape';

const ROW = 20;
const GAP = 6;
const AREA = 62;
/** By the place of a mark in its lane: p50, p99. */
const SHAPES = [symbolCircle, symbolDiamond2, symbolTriangle2] as const;

/** Figures with their intervals, a row for each; rows of one title stand together. */
export function drawMarks(chart: Chart, palette: Palette): Drawing {
  const lanes = chart.series.filter((one) => one.kind === 'marks');
  const parts = lanes.every(({ part }) => part === '') ? 0 : namesWidth(lanes.map(({ part }) => part));
  const left = namesWidth(lanes.map(({ title }) => title)) + parts;
  const top = 24;
  let bottom = top;
  const rows = lanes.map((lane, i) => {
    const isFirst = lanes[i - 1]?.title !== lane.title;
    if (isFirst && i > 0) bottom += GAP;
    bottom += ROW;
    return { lane, isFirst, at: bottom - ROW / 2 };
  });
  const plot: Plot = { left, right: WIDTH - 14, top, bottom: bottom + 4 };
  const inset = { ...plot, left: left + 14, right: plot.right - 14 };
  const { x, drawn } = xAxisOf(chart.x, inset);
  const bodies = rows.map((row) => rowOn({ ...row, parts }, x, plot, chart, palette.styleOf(row.lane.title)));
  const events = (chart.events ?? []).map(({ at, title }) => eventOn(x.at(at), title, [top, plot.bottom]));
  return {
    height: withAxis(plot.bottom),
    x,
    body: markup`${drawn}${spansOn(chart, x, plot)}${events}${bodies}${keyOf(lanes, left)}`,
  };
}

interface Row {
  readonly lane: MarkSeries;
  readonly isFirst: boolean;
  readonly at: number;
  /** Width of the second name. */
  readonly parts: number;
}

function rowOn(
  { lane, isFirst, at, parts }: Row,
  x: PlacedAxis,
  { left, right }: Plot,
  chart: Chart,
  style: SeriesStyle,
): Markup {
  const { title, part, marks } = lane;
  const names = markup`${isFirst && label(0, at + 4, fitted(title, left - parts - 10), { isStrong: true })}${part !== '' && label(left - parts, at + 4, part)}`;
  const [first, last] = [marks[0], marks.at(-1)];
  const reach =
    first && last && first !== last
      ? markup`<path d="M${px(x.at(first.x))},${px(at)}H${px(x.at(last.x))}" stroke="${style.color}" stroke-opacity="0.45" stroke-width="2" class="${style.name}"/>`
      : null;
  const drawn = marks.map((mark, i) => markOn(mark, i, [x, at], { title, part, style, chart }));
  return markup`<g data-series="${title}" data-part="${part}"><path d="M${px(left)},${px(at)}H${px(right)}" stroke="${RULE}" class="rule" stroke-dasharray="1 3"/>${names}${reach}${drawn}</g>`;
}

interface Named {
  readonly title: string;
  readonly part: string;
  readonly style: SeriesStyle;
  readonly chart: Chart;
}

function markOn(mark: ChartMark, i: number, [x, at]: readonly [PlacedAxis, number], named: Named): Markup {
  const { style } = named;
  const [low, high] = (mark.interval ?? []).map((end) => px(x.at(end)));
  const whisker = mark.interval
    ? markup`<path d="M${low},${px(at - 5)}v10M${low},${px(at)}H${high}M${high},${px(at - 5)}v10" stroke="${style.color}" stroke-width="1.6" fill="none" class="${style.name}"/>`
    : null;
  return markup`<g data-x="${mark.x}">${whisker}<path d="${symbolPath(SHAPES[i % SHAPES.length]!, AREA)}" transform="translate(${px(x.at(mark.x))},${px(at)})" fill="${
    mark.isHollow ? PAPER : style.color
  }" stroke="${style.color}" stroke-width="1.8" class="${style.name} ${mark.isHollow ? 'hollow' : 'solid'} mark"/><title>${markText(mark, named)}</title></g>`;
}

/** `REST, until reply, p50: 0.62 ms (0.60 ms to 0.70 ms), not valid`. */
function markText({ title: what, x, interval, isHollow }: ChartMark, { title, part, chart }: Named): string {
  const range = interval ? ` (${interval.map((end) => axisText(end, chart.x)).join(' to ')})` : '';
  return `${title}, ${part}, ${what}: ${axisText(x, chart.x)}${range}${isHollow ? ', not valid' : ''}`;
}

/** Which shape is which figure. */
function keyOf(lanes: readonly MarkSeries[], left: number): Markup | null {
  const longest = lanes.toSorted((a, b) => b.marks.length - a.marks.length)[0]?.marks ?? [];
  const names = longest.length < 2 ? [] : longest.map(({ title }) => title);
  const isHollow = lanes.some(({ marks }) => marks.some((mark) => mark.isHollow));
  if (names.length === 0 && !isHollow) return null;
  const keys = [
    ...names.map((name, i) => ({ name, path: symbolPath(SHAPES[i % SHAPES.length]!, 46), fill: '#5f6368' })),
    ...(isHollow ? [{ name: 'hollow: not valid', path: symbolPath(symbolCircle, 46), fill: PAPER }] : []),
  ];
  let next = left + 14;
  const drawn = keys.map(({ name, path, fill }) => {
    const at = next;
    next += name.length * CHARACTER + 34;
    return markup`<path d="${path}" transform="translate(${px(at)},10)" fill="${fill}" stroke="#5f6368" stroke-width="1.4" class="${fill === PAPER ? 'hollow' : 'key'}"/>${label(at + 9, 14, name)}`;
  });
  return markup`<g aria-hidden="true">${drawn}</g>`;
}
