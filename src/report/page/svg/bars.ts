import type { BarSeries, Chart, ChartAxis, ChartBar } from '../../charts/chart.ts';
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
import { placedAxis, type PlacedAxis, px } from './scales.ts';
import { ALARM, INK, type Palette, RULE, type SeriesStyle } from './styles.ts';

const LANE = 30;
const GAP = 8;
/** Room for the scale of the first lane. */
const SCALE_WIDTH = 52;

/** Bars over time, a lane for each series; all lanes have one scale. */
export function drawBars(chart: Chart, yAxis: ChartAxis, palette: Palette): Drawing {
  const lanes = chart.series.filter((one) => one.kind === 'bars');
  const left = namesWidth(lanes.flatMap(({ title, part = '' }) => [title, part]));
  const top = chart.spans.length > 0 ? 20 : 6;
  const bottom = top + lanes.length * (LANE + GAP);
  const plot: Plot = { left, right: WIDTH - SCALE_WIDTH, top, bottom };
  const { x, drawn } = xAxisOf(chart.x, plot);
  const bodies = lanes.map((lane, i) => {
    const from = top + i * (LANE + GAP);
    const y = placedAxis(yAxis, [from + LANE, from + (yAxis.scale === 'log' ? 3 : 0)], 3);
    const isFirst = lanes[i - 1]?.title !== lane.title;
    return laneOn({ lane, isFirst, from, left }, { x, y }, palette.styleOf(lane.title), chart);
  });
  const scale = scaleOn(placedAxis(yAxis, [top + LANE, top + (yAxis.scale === 'log' ? 3 : 0)], 3), plot);
  return {
    height: withAxis(bottom),
    body: markup`${drawn}${spansOn(chart, x, plot)}${bodies}${scale}`,
    x,
  };
}

interface Lane {
  readonly lane: BarSeries;
  /** The first of its title. */
  readonly isFirst: boolean;
  readonly from: number;
  readonly left: number;
}

interface Places {
  readonly x: PlacedAxis;
  readonly y: PlacedAxis;
}

function laneOn(
  { lane, isFirst, from, left }: Lane,
  places: Places,
  style: SeriesStyle,
  { events = [] }: Chart,
): Markup {
  const { title, part, bars, control = [] } = lane;
  const base = from + LANE;
  const names = markup`${isFirst && label(0, from + (part === undefined ? 20 : 13), fitted(title, left - 14), { isStrong: true })}${
    part !== undefined && label(0, from + 26, part)
  }`;
  const own = events.filter(({ of }) => of === undefined || of === title);
  const values = bars.map(({ y }) => (y === null ? '' : Number(y.toPrecision(4)))).join(' ');
  return markup`<g data-series="${title}" data-part="${part ?? ''}" data-values="${values}" data-y="${places.y.ends}">${names}<path d="M${px(left)},${px(base)}H${WIDTH - SCALE_WIDTH}" stroke="${RULE}" class="rule"/><path d="${barsPath(bars, places, base)}" fill="${style.color}" class="${style.name} solid bars"/>${
    control.length > 0 &&
    markup`<path d="${stepsPath(control, places)}" fill="none" stroke="${INK}" stroke-width="1.2" stroke-opacity="0.65" class="ink-line"/>`
  }<path d="${absentPath(bars, places.x, base - 3)}" stroke="${ALARM}" stroke-width="2" stroke-dasharray="2 3" class="alarm absent"/>${own.map(
    ({ at, title: what }) => eventOn(places.x.at(at), what, [from - 2, base]),
  )}</g>`;
}

/** One of any height at all shows. */
function barsPath(bars: readonly ChartBar[], { x, y }: Places, base: number): string {
  return bars
    .flatMap(({ from, to, y: value }) =>
      value === null ? [] : `M${px(x.at(from))},${px(base)}V${px(y.at(value))}H${px(x.at(to))}V${px(base)}Z`,
    )
    .join('');
}

function stepsPath(bars: readonly ChartBar[], { x, y }: Places): string {
  return bars
    .flatMap(({ from, to, y: value }, i) =>
      value === null ? [] : `${i === 0 ? 'M' : 'L'}${px(x.at(from))},${px(y.at(value))}H${px(x.at(to))}`,
    )
    .join('');
}

function absentPath(bars: readonly ChartBar[], x: PlacedAxis, at: number): string {
  return bars
    .flatMap(({ from, to, y }) => (y === null ? `M${px(x.at(from))},${px(at)}H${px(x.at(to))}` : []))
    .join('');
}

/** Of one lane: the others have the same. */
function scaleOn({ ticks }: PlacedAxis, { right }: Plot): Markup {
  const lines = [ticks[0], ticks.at(-1)].flatMap((tick) =>
    tick
      ? markup`<path d="M${px(right)},${px(tick.at)}h5" stroke="${RULE}" class="rule"/>${label(right + 7, tick.at + 4, tick.text)}`
      : [],
  );
  return markup`<g aria-hidden="true">${lines}</g>`;
}
