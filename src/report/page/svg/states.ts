import type { Chart, ChartStay, StateSeries } from '../../charts/chart.ts';
import { type Markup, markup } from '../markup.ts';
import {
  type Drawing,
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
import { INK, RULE } from './styles.ts';

const LANE = 22;
const GAP = 8;
const KEY_HEIGHT = 22;

/** Colour and hatching of each state: told apart without colours as well. */
interface Fill {
  readonly color: string;
  /** Of the hatching: 0 is none. */
  readonly angle: number;
}

/** Breakers have colours of their own; other states take the next one. */
const BREAKER: Readonly<Record<string, Fill>> = {
  closed: { color: '#E8EAED', angle: 0 },
  opened: { color: '#D55E00', angle: 45 },
  'half-open': { color: '#56B4E9', angle: 135 },
};
const OTHERS: readonly Fill[] = [
  { color: '#D55E00', angle: 45 },
  { color: '#E69F00', angle: 90 },
  { color: '#56B4E9', angle: 0 },
  { color: '#CC79A7', angle: 135 },
  { color: '#009E73', angle: 0 },
  { color: '#9AA0A6', angle: 45 },
];

/** States over time, a lane for each series. @param id unique in the page: names the hatchings */
export function drawStays(chart: Chart, id: string): Drawing {
  const lanes = chart.series.filter((one) => one.kind === 'states');
  const names = [
    ...new Set(lanes.flatMap(({ initial, stays }) => [initial, ...stays.map(({ state }) => state)])),
  ];
  const shown = names.filter((name) => name !== '');
  const fills = new Map(shown.map((name, i) => [name, BREAKER[name] ?? OTHERS[i % OTHERS.length]!]));
  const left = namesWidth(lanes.map(({ title }) => title));
  const top = KEY_HEIGHT + (chart.spans.length > 0 ? 20 : 4);
  const bottom = top + lanes.length * (LANE + GAP);
  const plot: Plot = { left, right: WIDTH - 14, top, bottom };
  const { x, drawn } = xAxisOf(chart.x, plot);
  const bodies = lanes.map((lane, i) => laneOn(lane, top + i * (LANE + GAP), { x, plot, fills, id, chart }));
  return {
    height: withAxis(bottom),
    x,
    body: markup`${hatchings(fills, id)}${drawn}${spansOn(chart, x, plot)}${bodies}${keyOf(fills, id)}`,
  };
}

interface Places {
  readonly x: PlacedAxis;
  readonly plot: Plot;
  readonly fills: ReadonlyMap<string, Fill>;
  readonly id: string;
  readonly chart: Chart;
}

function laneOn({ title, initial, stays }: StateSeries, from: number, places: Places): Markup {
  const { chart, plot } = places;
  const before: ChartStay[] =
    initial === '' || stays[0]?.from === chart.x.from
      ? []
      : [
          {
            state: initial,
            from: chart.x.from,
            to: stays[0]?.from ?? chart.x.to,
            cause: 'at first',
            counts: {},
          },
        ];
  const drawn = [...before, ...stays].map((stay) => stayOn(stay, from, places));
  return markup`<g data-series="${title}">${label(0, from + 15, fitted(title, plot.left - 14), { isStrong: true })}${drawn}</g>`;
}

function stayOn({ state, from: begin, to, cause, counts }: ChartStay, top: number, places: Places): Markup {
  const { x, plot, id, fills, chart } = places;
  const [left, right] = [begin, Math.min(to, chart.x.to)].map((at) =>
    Math.min(plot.right, Math.max(plot.left, x.at(at))),
  );
  const width = Math.max(0.75, right! - left!);
  const counted = Object.entries(counts).filter(([, n]) => n > 0);
  const text = [
    `${state} from ${axisText(begin, chart.x)}: ${cause}`,
    ...counted.map(([name, n]) => `${n} ${name}`),
  ].join(', ');
  const isNamed = state.length * CHARACTER + 8 < width;
  return markup`<g data-from="${begin}" data-to="${Number.isFinite(to) ? to : ''}"><rect x="${px(left!)}" y="${top}" width="${px(width)}" height="${LANE}" fill="${fillOf(state, fills, id)}" stroke="${RULE}" class="${state === 'closed' ? 'calm' : 'rule'}"/>${
    isNamed &&
    markup`<text x="${px(left! + 5)}" y="${top + 15}" fill="${INK}" class="${state === 'closed' ? 'ink' : 'on-fill'}">${state}</text>`
  }<title>${text}</title></g>`;
}

function fillOf(state: string, fills: ReadonlyMap<string, Fill>, id: string): string {
  const fill = fills.get(state);
  if (!fill) return 'none';
  return fill.angle === 0 ? fill.color : `url(#${id}-${[...fills.keys()].indexOf(state)})`;
}

function hatchings(fills: ReadonlyMap<string, Fill>, id: string): Markup {
  const drawn = [...fills.values()].map(({ color, angle }, i) =>
    angle === 0
      ? null
      : markup`<pattern id="${id}-${i}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(${angle})"><rect width="6" height="6" fill="${color}" fill-opacity="0.55"/><path d="M0,0V6" stroke="${color}" stroke-width="4"/></pattern>`,
  );
  return markup`<defs>${drawn}</defs>`;
}

function keyOf(fills: ReadonlyMap<string, Fill>, id: string): Markup {
  let left = 0;
  const drawn = [...fills.keys()].map((state) => {
    const at = left;
    left += state.length * CHARACTER + 32;
    return markup`<rect x="${px(at)}" y="2" width="14" height="12" fill="${fillOf(state, fills, id)}" stroke="${RULE}"/>${label(at + 19, 12, state)}`;
  });
  return markup`<g aria-hidden="true">${drawn}</g>`;
}
