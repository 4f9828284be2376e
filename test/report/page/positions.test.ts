import { type DomElement, JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import type {
  BarSeries,
  Chart,
  MarkSeries,
  PointSeries,
  StateSeries,
} from '../../../src/report/charts/chart.ts';
import { drawSvg } from '../../../src/report/page/svg/draw.ts';
import { createPalette } from '../../../src/report/page/svg/styles.ts';
import { statedAxis, translated } from '../../support/page/drawn.ts';
import { COMMITTED, committedReport } from '../../support/page/records.ts';

/** Pixels are rounded to tenths. */
const ROUNDING = 0.051;

const charts = (
  await Promise.all(
    COMMITTED.map(async (file) => {
      const { charts: drawn, pictures = [] } = await committedReport(file);
      return [...drawn, ...pictures].map((chart, i) => [`${file} ${chart.id} ${i}`, chart] as const);
    }),
  )
).flat();

function svgOf(chart: Chart): DomElement {
  const { document } = new JSDOM(drawSvg(chart, createPalette(), 'c')!.html).window;
  return document.querySelector('svg')!;
}

test('every kind of chart is among them', () => {
  const kinds = new Set(charts.flatMap(([, { series }]) => series.map(({ kind }) => kind)));
  expect([...kinds].toSorted()).toEqual(['bars', 'graph', 'marks', 'points', 'states']);
});

describe.each(charts)('%s', (_, chart) => {
  const svg = svgOf(chart);
  const groups = [...svg.querySelectorAll('g[data-series]')];

  test('has a name, a description, and a size', () => {
    const [title, desc] = [svg.querySelector('title'), svg.querySelector('desc')];
    expect(svg.getAttribute('aria-labelledby')).toBe(`${title!.id} ${desc!.id}`);
    expect(title!.textContent).toBe(chart.title);
    expect(desc!.textContent.length).toBeGreaterThan(20);
    const [, , width, height] = svg.getAttribute('viewBox')!.split(' ').map(Number);
    expect([width, height! > 40]).toEqual([600, true]);
  });

  test('everything stands where its figure is', () => {
    const { kind } = chart.series[0]!;
    if (kind === 'graph') return expectGraph(svg, chart);
    const x = statedAxis(svg.getAttribute('data-x')!);
    expect([x.from, x.to]).toEqual(chart.x.to > chart.x.from ? [chart.x.from, chart.x.to] : [x.from, x.to]);
    const check = { points: expectPoints, bars: expectBars, marks: expectMarks, states: expectStates }[kind];
    const drawn = kind === 'points' ? groups.filter((one) => one.querySelector('.curve')) : groups;
    const series =
      kind === 'points'
        ? chart.series.filter((one) => one.kind === 'points' && one.points.length > 0)
        : chart.series;
    expect(drawn).toHaveLength(series.length);
    return series.forEach((one, i) => check(drawn[i]!, one as never, svg, x));
  });
});

type Axis = ReturnType<typeof statedAxis>;

function near(pixels: number, expected: number): void {
  expect(Math.abs(pixels - expected)).toBeLessThanOrEqual(ROUNDING);
}

function expectPoints(group: DomElement, { points }: PointSeries, svg: DomElement, x: Axis): void {
  const y = statedAxis(svg.getAttribute('data-y')!);
  const marks = [...group.querySelectorAll('path[data-x]')];
  expect(marks).toHaveLength(points.length);
  for (const [i, point] of points.entries()) {
    const [left, top] = translated(marks[i]!);
    near(left, x.at(point.x));
    near(top, y.at(point.y));
    const isOpen = point.isHollow === true || point.isSaturated === true;
    expect(marks[i]!.classList.contains('hollow')).toBe(isOpen);
  }
  const corners = [...group.querySelectorAll('.curve')].flatMap((path) => pairsIn(path.getAttribute('d')!));
  expect(corners).toHaveLength(points.length);
  for (const [i, [left, top]] of corners.entries()) {
    near(left, x.at(points[i]!.x));
    near(top, y.at(points[i]!.y));
  }
}

function pairsIn(path: string): [number, number][] {
  return [...path.matchAll(/[ML]?(-?[\d.]+),(-?[\d.]+)/g)].map(([, left, top]) => [
    Number(left),
    Number(top),
  ]);
}

function expectBars(group: DomElement, { bars }: BarSeries, _: DomElement, x: Axis): void {
  const y = statedAxis(group.getAttribute('data-y')!);
  const known = bars.filter((bar) => bar.y !== null);
  const outline = group.querySelector('.bars')!.getAttribute('d')!;
  const drawn = [...outline.matchAll(/(?:M([\d.-]+),[\d.-]+)?V([\d.-]+)H([\d.-]+)/g)];
  expect(drawn).toHaveLength(known.length);
  for (const [i, [, begin, top, right]] of drawn.entries()) {
    // Bars that touch have one outline: each begins where the one before it ends.
    near(Number(begin ?? drawn[i - 1]![3]), x.at(known[i]!.from));
    near(Number(right), x.at(known[i]!.to));
    near(Number(top), y.at(known[i]!.y!));
  }
  const absent = group.querySelector('.absent')!.getAttribute('d') ?? '';
  expect(absent.split('M').length - 1).toBe(bars.length - known.length);
}

function expectMarks(group: DomElement, { marks }: MarkSeries, _: DomElement, x: Axis): void {
  const drawn = [...group.querySelectorAll('g[data-x]')];
  expect(drawn).toHaveLength(marks.length);
  for (const [i, { x: value, interval, isHollow }] of marks.entries()) {
    const symbol = drawn[i]!.querySelector('.mark')!;
    near(translated(symbol)[0], x.at(value));
    expect(symbol.classList.contains('hollow')).toBe(isHollow === true);
    if (!interval) continue;
    const [, low, high] = /^M([\d.-]+),.*H([\d.-]+)M/.exec(
      drawn[i]!.querySelector('path')!.getAttribute('d')!,
    )!;
    near(Number(low), x.at(interval[0]));
    near(Number(high), x.at(interval[1]));
  }
}

function expectStates(group: DomElement, { stays }: StateSeries, _: DomElement, x: Axis): void {
  const drawn = [...group.querySelectorAll('g[data-from]')].slice(-stays.length);
  expect(drawn).toHaveLength(stays.length);
  for (const [i, { from, to }] of stays.entries()) {
    const box = drawn[i]!.querySelector('rect')!;
    near(Number(box.getAttribute('x')), x.at(from));
    const width = x.at(Math.min(to, x.to)) - x.at(from);
    near(Number(box.getAttribute('width')), Math.max(0.75, width));
  }
}

function expectGraph(svg: DomElement, { series }: Chart): void {
  const graph = series[0]!.kind === 'graph' ? series[0]! : undefined;
  const boxes = new Map(
    [...svg.querySelectorAll('g[data-node]')].map((one) => {
      const box = one.querySelector('rect')!;
      return [one.getAttribute('data-node')!, Number(box.getAttribute('x'))] as const;
    }),
  );
  expect([...boxes.keys()]).toEqual(graph!.nodes.map(({ id }) => id));
  for (const { from, to } of graph!.links) expect(boxes.get(from)!).toBeLessThan(boxes.get(to)!);
  expect(svg.querySelectorAll('g[data-link]')).toHaveLength(graph!.links.length);
}
