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
import { placedAxis, type PlacedAxis, px, tickText } from './scales.ts';
import { ALARM, INK, type Palette, RULE, type SeriesStyle } from './styles.ts';

const LANE = 26;
const GAP = 7;
/** Room for the scale of the first lane. */
const SCALE_WIDTH = 52;

/** Bars over time, a lane for each series; all lanes have one scale. */
export function drawLanes(chart: Chart, yAxis: ChartAxis, palette: Palette): Drawing {
  const lanes = chart.series.filter((one) => one.kind === 'bars');
  const left = namesWidth(lanes.flatMap(({ title, part = '' }) => [title, part]));
  const top = chart.spans.length > 0 ? 20 : 6;
  const bottom = top + lanes.length * (LANE + GAP);
  const plot: Plot = { left, right: WIDTH - SCALE_WIDTH, top, bottom };
  const { x, drawn } = xAxisOf(chart.x, plot);
  const bodies = lanes.map((lane, i) => {
    const from = top + i * (LANE + GAP);
    const y = placedAxis(yAxis, [from + LANE, from + 3], 3);
    const isFirst = lanes[i - 1]?.title !== lane.title;
    return laneOn({ lane, isFirst, from, left }, { x, y }, palette.styleOf(lane.title), chart);
  });
  const scale = scaleOn(yAxis, placedAxis(yAxis, [top + LANE, top + 3], 3), plot);
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
  const names = markup`${isFirst && label(0, from + (part === undefined ? 17 : 11), fitted(title, left - 14), { isStrong: true })}${
    part !== undefined && label(0, from + 24, part)
  }`;
  const own = events.filter(({ of }) => of === undefined || of === title);
  const values = bars.map(({ y }) => (y === null ? '' : Number(y.toPrecision(4)))).join(' ');
  return markup`<g data-series="${title}" data-part="${part ?? ''}" data-values="${values}" data-bars="${placesOf(bars)}" data-y="${places.y.ends}">${names}<path d="M${px(left)},${px(base)}H${WIDTH - SCALE_WIDTH}" stroke="${RULE}" class="rule"/><path d="${barsPath(bars, places, base)}" fill="${style.color}" class="${style.name} solid bars"/>${
    control.length > 0 &&
    markup`<path d="${stepsPath(control, places)}" fill="none" stroke="${INK}" stroke-width="1.2" stroke-opacity="0.65" class="ink-line"/>`
  }<path d="${absentPath(bars, places.x, base - 3)}" stroke="${ALARM}" stroke-width="2" stroke-dasharray="2 3" class="alarm absent"/>${own.map(
    ({ at, title: what }) => eventOn(places.x.at(at), what, [from + 5, base]),
  )}</g>`;
}

/** Where bars begin and the last one ends, for the cursor: in short where all but the last are alike. */
function placesOf(bars: readonly ChartBar[]): string {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return '';
  const step = first.to - first.from;
  const isEven = bars.every(({ from }, i) => from === first.from + i * step);
  return isEven ? `${first.from} +${step} ${last.to}` : [...bars.map(({ from }) => from), last.to].join(' ');
}

/** Bars that touch have one outline. */
function barsPath(bars: readonly ChartBar[], { x, y }: Places, base: number): string {
  return bars
    .map(({ from, to, y: value }, i) => {
      if (value === null) return '';
      const [before, after] = [bars[i - 1]?.y ?? null, bars[i + 1]?.y ?? null];
      const begin = before === null ? `M${px(x.at(from))},${px(base)}` : '';
      return `${begin}V${px(y.at(value))}H${px(x.at(to))}${after === null ? `V${px(base)}` : ''}`;
    })
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

/** Both ends, beside one lane: the others have the same. */
function scaleOn(axis: ChartAxis, y: PlacedAxis, { right }: Plot): Markup {
  const ends = [axis.from, axis.to].map(
    (value) =>
      markup`<path d="M${px(right)},${px(y.at(value))}h4" stroke="${RULE}" class="rule"/>${label(right + 6, y.at(value) + 4, endText(value, axis))}`,
  );
  return markup`<g aria-hidden="true">${ends}</g>`;
}

/** Two digits: it is the end of a scale, and no figure. */
function endText(value: number, { unit }: ChartAxis): string {
  return tickText(Number(value.toPrecision(2)), { unit, scale: 'linear' });
}
