import type { Chart, ChartAxis } from '../../charts/chart.ts';
import { cut, type Markup, markup } from '../markup.ts';
import { CHARACTER, placedAxis, type PlacedAxis, px } from './scales.ts';
import { ALARM, INK, RULE } from './styles.ts';

/** Pixels of every chart: as wide as a column of the page. */
export const WIDTH = 600;

/** The part of a drawing that has the scales. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A drawing of this height. */
export interface Drawing {
  readonly height: number;
  readonly body: Markup;
  readonly x?: PlacedAxis;
  readonly y?: PlacedAxis;
}

const AXIS_HEIGHT = 34;

/** Below the plot, with its grid. @returns the axis as well */
export function xAxisOf(axis: ChartAxis, plot: Plot): { readonly x: PlacedAxis; readonly drawn: Markup } {
  const room = plot.right - plot.left;
  const x = placedAxis(axis, [plot.left, plot.right], Math.floor(room / 64));
  let end = -Infinity;
  const ticks = x.ticks.map(({ at, text }) => {
    const half = (text.length * CHARACTER) / 2;
    const isFree = at - half > end + 4;
    if (isFree) end = at + half;
    return markup`<path d="M${px(at)},${px(plot.top)}V${px(plot.bottom + 4)}" stroke="${RULE}" class="rule"/>${
      isFree && label(at, plot.bottom + 16, text, { anchor: 'middle' })
    }`;
  });
  const title = label((plot.left + plot.right) / 2, plot.bottom + 30, axis.title, { anchor: 'middle' });
  return { x, drawn: markup`<g aria-hidden="true">${ticks}${title}</g>` };
}

/** Height of the axis below a plot. */
export function withAxis(bottom: number): number {
  return bottom + AXIS_HEIGHT;
}

interface LabelStyle {
  /** Absent: it begins there. */
  readonly anchor?: 'middle' | 'end';
  readonly isStrong?: boolean;
  readonly isInk?: boolean;
}

export function label(x: number, y: number, text: string, style: LabelStyle = {}): Markup {
  const { anchor, isStrong, isInk } = style;
  const place = anchor && markup` text-anchor="${anchor}"`;
  const ink = (isStrong || isInk) && markup` fill="${INK}" class="ink"`;
  const weight = isStrong && markup` font-weight="600"`;
  return markup`<text x="${px(x)}" y="${px(y)}"${place}${ink}${weight}>${text}</text>`;
}

/** As many characters as have room. */
export function fitted(text: string, room: number): string {
  return cut(text, Math.max(2, Math.floor(room / CHARACTER)));
}

/** Stretches in which something was on, named above the plot where there is room. */
export function spansOn({ spans }: Chart, x: PlacedAxis, plot: Plot): Markup {
  const drawn = spans.map(({ title, from, to }) => {
    const [left, right] = [from, to].map((value) => clamped(x.at(value), plot)) as [number, number];
    const text = fitted(title, Math.max(right - left + 40, 120));
    return markup`<rect x="${px(left)}" y="${px(plot.top)}" width="${px(Math.max(1, right - left))}" height="${px(
      plot.bottom - plot.top,
    )}" fill="#D55E00" fill-opacity="0.13" class="span" data-from="${from}" data-to="${to}"><title>${title}</title></rect><path d="M${px(left)},${px(plot.top)}V${px(plot.bottom)}M${px(right)},${px(plot.top)}V${px(plot.bottom)}" stroke="#D55E00" stroke-dasharray="3 3"/>${label(
      (left + right) / 2,
      plot.top - 5,
      text,
      { anchor: 'middle' },
    )}`;
  });
  return markup`${drawn}`;
}

function clamped(value: number, { left, right }: Plot): number {
  return Math.min(right, Math.max(left, value));
}

/** A tick at a value that matters, over this part of the height. */
export function eventOn(at: number, title: string, [top, bottom]: readonly [number, number]): Markup {
  return markup`<g class="event"><path d="M${px(at)},${px(top)}V${px(bottom)}" stroke="${ALARM}" stroke-width="2" class="alarm"/><path d="M${px(at)},${px(top)}l-4,-5h8z" fill="${ALARM}" class="alarm-fill"/><title>${title}</title></g>`;
}

/** Width of the names left of lanes. */
const LONGEST_NAME = 20;

export function namesWidth(names: readonly string[]): number {
  const longest = Math.max(0, ...names.map(({ length }) => Math.min(LONGEST_NAME, length)));
  return Math.ceil(longest * CHARACTER) + 14;
}
