import {
  type ChartSpan,
  FIRST_SCREEN,
  type PlacedChart,
  type PointSeries,
} from '../../report/charts/chart.ts';
import { differenceAt, isSaturated, middleP50Us, valuesOf } from './figures.ts';
import { type Crossover, findingIn } from './found.ts';
import { AXIS_TITLE } from './table.ts';
import { sideTitle } from './text.ts';

const AXIS_UNIT = { payload: 'bytes', rate: 'per-s', outage: 'us' } as const;

/** The difference of both patterns over the axis, and their figures, with the interval of each crossover point. */
export function crossoverPictures(record: Crossover): PlacedChart[] {
  const points = record.points.toSorted((a, b) => a.at - b.at).filter((point) => valuesOf(point).length > 0);
  if (points.length < 2) return [];
  return [...differencePicture(record, points), ...figuresPicture(record, points)];
}

type Points = Crossover['points'];

/** The axis in the unit of its figures: an outage is stored in ms. */
function placeOf({ question }: Crossover, at: number): number {
  return question === 'outage' ? at * 1000 : at;
}

function axisOf(record: Crossover, points: Points) {
  const [from, to] = [points[0]!, points.at(-1)!].map(({ at }) => placeOf(record, at)) as [number, number];
  const { question } = record;
  return {
    title: AXIS_TITLE[question].toLowerCase(),
    unit: AXIS_UNIT[question],
    scale: 'log',
    from,
    to,
  } as const;
}

function crossingsIn(record: Crossover): ChartSpan[] {
  const finding = findingIn(record);
  if (finding.kind !== 'crossovers') return [];
  return finding.crossovers.map(({ low, high }) => {
    return { title: 'crossover', from: placeOf(record, low), to: placeOf(record, high) };
  });
}

function differencePicture(record: Crossover, points: Points): PlacedChart[] {
  const [first, second] = record.patterns.map(({ title }) => title) as [string, string];
  const isOutage = record.question === 'outage';
  const title = isOutage ? `${second} − ${first}` : `${first} / ${second}`;
  const seen = points.flatMap(({ at, pairs, verdict }) => {
    const found = differenceAt(record, { at, pairs, verdict });
    return found
      ? [{ x: placeOf(record, at), y: found.mean, interval: [found.low, found.high] as const }]
      : [];
  });
  if (seen.length < 2) return [];
  const ends = seen.map(({ y }) => y);
  const same = isOutage ? 0 : 1;
  return [
    {
      id: 'difference',
      title: `${title}${isOutage ? ': share finally done' : ''}`,
      about: `Each point: the mean of its pairs with its interval. ${isOutage ? 'Above 0' : 'Above 1'} ${second} is better. Shaded: the crossover point lies there.`,
      behind: FIRST_SCREEN,
      x: axisOf(record, points),
      y: {
        title,
        unit: isOutage ? 'points' : 'ratio',
        scale: isOutage ? 'linear' : 'log',
        from: Math.min(same, ...ends),
        to: Math.max(same, ...ends),
      },
      series: [{ kind: 'points', title, points: seen, gaps: [] }],
      spans: crossingsIn(record),
    },
  ];
}

function figuresPicture(record: Crossover, points: Points): PlacedChart[] {
  const series = (['first', 'second'] as const).map((side): PointSeries => {
    return {
      kind: 'points',
      title: sideTitle(record, side),
      points: points.flatMap((point) => {
        const us = middleP50Us(point, side);
        if (us === undefined) return [];
        const isSlow = isSaturated(point, side);
        return [{ x: placeOf(record, point.at), y: us, ...(isSlow && { isSaturated: true as const }) }];
      }),
      gaps: [],
    };
  });
  const all = series.flatMap((one) => one.points.map(({ y }) => y));
  if (all.length === 0) return [];
  return [
    {
      id: 'figures',
      title: 'Median of each pattern',
      about: 'The median of the pairs’ medians at each point. Hollow: saturated.',
      behind: FIRST_SCREEN,
      x: axisOf(record, points),
      y: { title: 'p50', unit: 'us', scale: 'log', from: Math.min(...all), to: Math.max(...all) },
      series,
      spans: crossingsIn(record),
    },
  ];
}
