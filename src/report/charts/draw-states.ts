import { NS_PER_S } from '../../kernel/clock.ts';
import { formatCount, plural } from '../format.ts';
import type { Chart, ChartSpan, ChartStay, StateSeries } from './chart.ts';

/** Characters of a drawing. */
export interface Glyphs {
  readonly closed: string;
  readonly opened: string;
  readonly 'half-open': string;
  readonly spanLeft: string;
  readonly span: string;
  readonly spanRight: string;
}
const UNICODE: Glyphs = {
  closed: '─',
  opened: '▒',
  'half-open': '░',
  spanLeft: '├',
  span: '─',
  spanRight: '┤',
};
export const ASCII: Glyphs = {
  closed: '-',
  opened: '#',
  'half-open': ':',
  spanLeft: '[',
  span: '=',
  spanRight: ']',
};

type State = 'closed' | 'opened' | 'half-open';
type Extent = Pick<ChartSpan, 'from' | 'to'>;

/** Lines about each breaker: of more transitions than that, only how many there were between the first and the last. */
const MOST_SHOWN = 12;
const FIRST_SHOWN = 7;
const LEAST_BAR = 20;

/**
 * The lanes of a chart over time, below its spans, and below them each change with its instant, its cause and its
 * calls.
 */
export function drawStates({ x, series, spans }: Chart, width: number, glyphs: Glyphs = UNICODE): string[] {
  const lanes = series.filter((one) => one.kind === 'states');
  const labelWidth = Math.max('fault'.length, ...lanes.map(({ title }) => title.length));
  const barWidth = Math.max(LEAST_BAR, width - labelWidth - 2);
  const line = (label: string, bar: string): string => `${label.padEnd(labelWidth)}  ${bar}`.trimEnd();
  return [
    line('fault', spanBar(spans, x, barWidth, glyphs)),
    ...lanes.map((lane) => line(lane.title, stateBar(lane, x, barWidth, glyphs))),
    line('', timeAxis(x, barWidth)),
    line('', `${glyphs.closed} closed  ${glyphs.opened} open  ${glyphs['half-open']} half-open`),
    ...lanes.flatMap(({ title, stays }) => [`${title}:`, ...shownStays(stays)]),
  ];
}

function spanBar(
  spans: readonly ChartSpan[],
  extent: Extent,
  width: number,
  { spanLeft, span: fill, spanRight }: Glyphs,
): string {
  const bar = Array.from({ length: width }, () => ' ');
  for (const { title: name, ...own } of spans) {
    const from = cellOf(own.from, extent, width);
    const to = Math.max(from + 1, endCellOf(own.to, extent, width));
    const inner = Math.max(0, to - from - 2);
    const title = name.length + 2 <= inner ? ` ${name} ` : name.slice(0, inner);
    const left = Math.floor((inner - title.length) / 2);
    const middle = `${fill.repeat(left)}${title}`.padEnd(inner, fill);
    const text = to - from === 1 ? spanLeft : `${spanLeft}${middle}${spanRight}`;
    bar.splice(from, to - from, ...text);
  }
  return bar.join('');
}

/** Every state within a cell shows in it: half-open before open before closed. */
function stateBar({ stays }: StateSeries, extent: Extent, width: number, glyphs: Glyphs): string {
  const bar: State[] = Array.from({ length: width }, () => 'closed');
  for (const state of ['opened', 'half-open'] as const) {
    for (const stay of stays) {
      if (stay.state !== state || stay.from > extent.to || stay.to < extent.from) continue;
      const from = cellOf(Math.max(stay.from, extent.from), extent, width);
      const to = endCellOf(stay.to, extent, width);
      bar.fill(state, from, Math.max(from + 1, to));
    }
  }
  return bar.map((state) => glyphs[state]).join('');
}

function cellOf(at: number, { from, to }: Extent, width: number): number {
  return Math.min(width - 1, Math.floor(((at - from) / Math.max(1, to - from)) * width));
}

/** The first cell after what ends then. */
function endCellOf(at: number, extent: Extent, width: number): number {
  return at >= extent.to ? width : cellOf(at, extent, width);
}

/** Seconds at steps of 1, 2 or 5 times a power of ten, as many as have room. */
function timeAxis(extent: Extent, width: number): string {
  const seconds = (extent.to - extent.from) / NS_PER_S;
  const label = (s: number): string => `${Number(s.toPrecision(6))} s`;
  const room = label(Math.ceil(seconds)).length + 3;
  const least = Math.max((seconds * room) / width, 1e-3);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((n) => n * power).find((s) => s >= least)!;
  const bar = Array.from({ length: width }, () => ' ');
  for (let n = 0; n * step < seconds; n++) {
    const text = label(n * step);
    const at = cellOf(extent.from + n * step * NS_PER_S, extent, width);
    if (at + text.length <= width) bar.splice(at, text.length, ...text);
  }
  return bar.join('');
}

/** The first and the last ones: how it began, and how it ended. */
function shownStays(stays: readonly ChartStay[]): string[] {
  if (stays.length <= MOST_SHOWN) return stays.map(stayText);
  const [first, last] = [stays.slice(0, FIRST_SHOWN), stays.slice(FIRST_SHOWN + 1 - MOST_SHOWN)];
  const between = stays.slice(FIRST_SHOWN, -last.length);
  return [...first.map(stayText), betweenText(between), ...last.map(stayText)];
}

function stayText({ from, state, cause, counts: { probes = 0, rejected = 0 } }: ChartStay): string {
  const at = `${(from / NS_PER_S).toFixed(2)} s`.padStart(9);
  const calls = [
    state === 'half-open' ? plural(probes, 'probe') : '',
    rejected > 0 ? `${formatCount(rejected)} rejected` : '',
  ];
  return `${at}  ${[`${state}: ${cause}`, ...calls.filter(Boolean)].join(', ')}`;
}

function betweenText(stays: readonly ChartStay[]): string {
  const sum = (of: (stay: ChartStay) => number): number => stays.reduce((n, stay) => n + of(stay), 0);
  const counts = (['opened', 'half-open', 'closed'] as const).map(
    (state) => `${formatCount(sum((stay) => Number(stay.state === state)))} ${state}`,
  );
  const calls = `${plural(
    sum((stay) => stay.counts['probes'] ?? 0),
    'probe',
  )}, ${formatCount(sum((stay) => stay.counts['rejected'] ?? 0))} rejected`;
  return `${' '.repeat(9)}  ${formatCount(stays.length)} more: ${counts.join(', ')}; ${calls}`;
}
