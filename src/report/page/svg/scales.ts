import { scaleLinear, scaleLog } from 'd3-scale';
import type { FigureUnit } from '../../../analysis/finding.ts';
import type { ChartAxis } from '../../charts/chart.ts';
import { formatFigure, formatLimit, formatMs, quantileName } from '../../format.ts';

/** An axis in pixels. */
export interface PlacedAxis {
  /** Pixels of a value. */
  at(value: number): number;
  /** The same, no further than the ends. */
  within(value: number): number;
  readonly ticks: readonly Tick[];
  /** `log 100 5000 60 540`: scale, values of both ends, their pixels. The script and checks read it. */
  readonly ends: string;
}

interface Tick {
  readonly at: number;
  readonly text: string;
}

/** Usual width of a character of this size of type: labels must not touch. */
export const CHARACTER = 6.4;

/** @param range pixels of both ends @param most labels */
export function placedAxis(axis: ChartAxis, range: readonly [number, number], most: number): PlacedAxis {
  const scale = { linear, log, nines }[axis.scale](axis, range, most);
  const { values, domain } = scale;
  const at = (value: number) => scale.at(value);
  const texts = values.map((value) => ({ at: at(value), text: tickText(value, axis) }));
  const [low, high] = [Math.min(...domain), Math.max(...domain)];
  return {
    at,
    within: (value) => at(Math.min(high, Math.max(low, value))),
    ticks: texts.filter(({ text }, i) => i === 0 || text !== texts[i - 1]!.text),
    ends: [axis.scale, ...domain, ...range.map(px)].join(' '),
  };
}

interface Scale {
  at(value: number): number;
  readonly values: readonly number[];
  /** Values of both ends. */
  readonly domain: readonly number[];
}

function linear({ from, to }: ChartAxis, range: readonly [number, number], most: number): Scale {
  const at = scaleLinear([from, to > from ? to : from + 1], range);
  return { at, values: at.ticks(most), domain: at.domain() };
}

/** Labels at 1, 2 and 5 of every power of ten; of many powers at each of them; where fewer than two fit, evenly. */
function log(axis: ChartAxis, range: readonly [number, number], most: number): Scale {
  const from = Math.max(axis.from, Number.MIN_VALUE);
  const at = scaleLog(axis.to > from ? [from, axis.to] : [from / 1.25, from * 1.25], range);
  const [low, high] = at.domain() as [number, number];
  const stepped = [[1, 2, 5], [1]].map((digits) => stepsOf(low, high, digits));
  const values = stepped.find((some) => some.length >= 2 && some.length <= most);
  const even = () => scaleLinear([low, high], range).ticks(Math.min(most, 4));
  return { at, values: values ?? even(), domain: [low, high] };
}

function stepsOf(from: number, to: number, digits: readonly number[]): number[] {
  const first = Math.floor(Math.log10(from));
  const powers = Array.from({ length: Math.floor(Math.log10(to)) - first + 1 }, (_, i) => first + i);
  return powers
    .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
    .filter((value) => value >= from && value <= to);
}

const NINES = [0.5, 0.9, 0.99, 0.999, 0.9999] as const;

/** p90, p99 and p99.9 are equally far apart: -log10(1 - q). */
function nines({ from, to }: ChartAxis, range: readonly [number, number]): Scale {
  const ninesOf = (quantile: number) => -Math.log10(1 - quantile);
  const last = to > from ? to : 1 - (1 - from) / 10;
  const at = scaleLinear([ninesOf(from), ninesOf(last)], range);
  return {
    at: (quantile) => at(ninesOf(quantile)),
    domain: [from, last],
    values: NINES.filter((quantile) => quantile >= from && quantile <= to),
  };
}

/** A value of an axis without the digits of a measurement. */
export function tickText(value: number, { unit, scale }: Pick<ChartAxis, 'unit' | 'scale'>): string {
  return scale === 'nines' ? quantileName(value) : roundText(value, unit);
}

function roundText(value: number, unit: FigureUnit): string {
  switch (unit) {
    case 'us':
      return formatMs(value / 1000);
    case 'ns':
      return formatMs(value / 1e6);
    case 'share':
      return formatLimit(value);
    case 'ratio':
      return `${Number(value.toPrecision(6))}×`;
    default:
      return formatFigure(value, unit);
  }
}

/** A value of an axis as figures are written. */
export function axisText(value: number, { unit, scale }: Pick<ChartAxis, 'unit' | 'scale'>): string {
  return scale === 'nines' ? quantileName(value) : formatFigure(value, unit);
}

/** Pixels, as exact as anybody can see. */
export function px(value: number): number {
  return Number(value.toFixed(1));
}
