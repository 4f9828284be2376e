import { area, line } from 'd3-shape';
import type { Chart, ChartAxis, ChartEvent, ChartPoint, PointSeries } from '../../charts/chart.ts';
import { cut, type Markup, markup } from '../markup.ts';
import { type Drawing, eventOn, label, type Plot, spansOn, WIDTH, withAxis, xAxisOf } from './frame.ts';
import { CHARACTER, placedAxis, type PlacedAxis, px, axisText } from './scales.ts';
import { PAPER, type Palette, RULE, type SeriesStyle, symbolPath } from './styles.ts';

const PLOT_HEIGHT = 240;
const LABEL_HEIGHT = 14;
const LONGEST_LABEL = 22;
const SYMBOL_AREA = 34;

/** Curves over one another, each with its name at its end. */
export function drawCurves(chart: Chart, yAxis: ChartAxis, palette: Palette): Drawing {
  const curves = chart.series.filter((one) => one.kind === 'points');
  const named = Math.max(0, ...curves.map(({ title }) => Math.min(LONGEST_LABEL, title.length)));
  const { events = [], spans } = chart;
  const top = (spans.length > 0 ? 22 : 8) + events.length * LABEL_HEIGHT;
  const bottom = top + Math.max(PLOT_HEIGHT, curves.length * LABEL_HEIGHT);
  const y = placedAxis(withIntervals(yAxis, curves), [bottom - 8, top + 8], 9);
  const left = Math.max(...y.ticks.map(({ text }) => text.length)) * CHARACTER + 10;
  const plot: Plot = { left, right: WIDTH - named * CHARACTER - 22, top, bottom };
  const inset = { ...plot, left: plot.left + 6, right: plot.right - 6 };
  const { x, drawn } = xAxisOf(chart.x, inset);
  const places: Places = { x, y };
  const body = markup`${yAxisOn(y, plot)}${drawn}${spansOn(chart, x, plot)}${curves.map((curve) =>
    curveOn(curve, chart, palette.styleOf(curve.title), places),
  )}${namesOf(curves, plot, places)}${events.map((event, i) => namedEvent(event, x.at(event.at), { ...plot, top: top - (events.length - i - 0.5) * LABEL_HEIGHT }))}`;
  return { height: withAxis(bottom), body, x, y };
}

/** Each on a line of its own above the plot, at the side where there is more room. */
function namedEvent({ title }: ChartEvent, at: number, { left, right, top, bottom }: Plot): Markup {
  const isLeft = at - left > right - at;
  const name = label(at + (isLeft ? -7 : 7), top + 2, title, { ...(isLeft && { anchor: 'end' as const }) });
  return markup`${eventOn(at, title, [top, bottom])}${name}`;
}

/** Intervals may go this much further than the points themselves: one that says nothing must not flatten all curves. */
const FURTHEST = 4;

function withIntervals(axis: ChartAxis, curves: readonly PointSeries[]): ChartAxis {
  const ends = curves.flatMap(({ points }) => points.flatMap(({ interval = [] }) => interval));
  const { from, to } = axis;
  if (axis.scale !== 'log') return { ...axis, from: Math.min(from, ...ends), to: Math.max(to, ...ends) };
  return {
    ...axis,
    from: Math.max(from / FURTHEST, Math.min(from, ...ends)),
    to: Math.min(to * FURTHEST, Math.max(to, ...ends)),
  };
}

interface Places {
  readonly x: PlacedAxis;
  readonly y: PlacedAxis;
}

function yAxisOn({ ticks }: PlacedAxis, { left, right }: Plot): Markup {
  const lines = ticks.map(
    ({ at, text }) =>
      markup`<path d="M${px(left)},${px(at)}H${px(right)}" stroke="${RULE}" class="rule"/>${label(left - 6, at + 4, text, { anchor: 'end' })}`,
  );
  return markup`<g aria-hidden="true">${lines}</g>`;
}

function curveOn(curve: PointSeries, chart: Chart, style: SeriesStyle, { x, y }: Places): Markup {
  const { points, title } = curve;
  const path = line<ChartPoint>(
    (point) => px(x.at(point.x)),
    (point) => px(y.at(point.y)),
  );
  const stretches = unbroken(curve).map(
    (some) =>
      markup`<path d="${path(some) ?? ''}" fill="none" stroke="${style.color}" stroke-width="2" stroke-dasharray="${style.dash}" class="${style.name} curve"/>`,
  );
  const marks = points.map((point) => {
    const at = markup`transform="translate(${px(x.at(point.x))},${px(y.at(point.y))})"`;
    const isOpen = point.isHollow || point.isSaturated;
    return markup`<path d="${symbolPath(style.shape, SYMBOL_AREA)}" ${at} fill="${isOpen ? PAPER : style.color}" stroke="${style.color}" stroke-width="1.5" class="${style.name} ${isOpen ? 'hollow' : 'solid'}" data-x="${point.x}" data-y="${point.y}"><title>${pointText(title, point, chart)}</title></path>`;
  });
  const gaps = curve.gaps.map((gap) =>
    label(x.at(gap), y.at(chart.y!.from) + 4, '×', { anchor: 'middle', isInk: true }),
  );
  return markup`<g data-series="${title}">${bandOf(points, style, { x, y })}${stretches}${marks}${gaps}</g>`;
}

/** Ranges of the rounds, where neighbouring points have one. */
function bandOf(points: readonly ChartPoint[], { color, name }: SeriesStyle, { x, y }: Places): Markup {
  const band = area<ChartPoint>()
    .defined(({ interval }) => interval !== undefined)
    .x((point) => px(x.at(point.x)))
    .y0(({ interval }) => px(y.within(interval![0])))
    .y1(({ interval }) => px(y.within(interval![1])));
  return markup`<path d="${band(points) ?? ''}" fill="${color}" fill-opacity="0.13" class="${name} band"/>`;
}

/** A line across a gap would say what is not known. */
function unbroken({ points, gaps }: PointSeries): ChartPoint[][] {
  const stretches: ChartPoint[][] = [];
  for (const [i, point] of points.entries()) {
    const before = points[i - 1];
    const isBroken = !before || gaps.some((gap) => gap > before.x && gap < point.x);
    if (isBroken) stretches.push([point]);
    else stretches.at(-1)!.push(point);
  }
  return stretches;
}

/** `REST, p99: 4.33 ms (4.10 ms to 4.60 ms), saturated`. */
function pointText(
  title: string,
  { x, y, interval, isHollow, isSaturated }: ChartPoint,
  chart: Chart,
): string {
  const [atText, figure] = [axisText(x, chart.x), axisText(y, chart.y!)];
  const range = interval ? ` (${interval.map((end) => axisText(end, chart.y!)).join(' to ')})` : '';
  return [`${title}, ${atText}: ${figure}${range}`, isSaturated && 'saturated', isHollow && 'not valid']
    .filter(Boolean)
    .join(', ');
}

/** At the ends of the curves, none over another. */
function namesOf(curves: readonly PointSeries[], { right, top }: Plot, { x, y }: Places): Markup {
  const ends = curves
    .flatMap(({ title, points }) => {
      const last = points.at(-1);
      return last ? [{ title, from: x.at(last.x), at: y.at(last.y) }] : [];
    })
    .toSorted((a, b) => a.at - b.at);
  let below = top;
  const placed = ends.map((end) => {
    const at = Math.max(end.at, below);
    below = at + LABEL_HEIGHT;
    return { ...end, to: at };
  });
  const names = placed.map(
    ({ title, from, at, to }) =>
      markup`<g data-series="${title}"><path d="M${px(from + 6)},${px(at)}L${px(right + 4)},${px(to)}" stroke="${RULE}" class="rule"/>${label(right + 8, to + 4, cut(title, LONGEST_LABEL), { isInk: true })}</g>`,
  );
  return markup`${names}`;
}
