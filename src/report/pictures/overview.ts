import type { PatternResult, SeriesKind } from '../../analysis/patterns/pattern-result.ts';
import type { Cell } from '../view.ts';
import { type ChartMark, FIRST_SCREEN, type MarkSeries, type PlacedChart } from '../charts/chart.ts';
import { quantileName } from '../format.ts';
import { percentileCell } from '../screen/tables/figures.ts';
import { endsOf } from './ends.ts';

const QUANTILES = [0.5, 0.99] as const;
/** Response and completion time of every pattern, side by side; undefined where none is known. */
export function overviewPicture(lines: readonly PatternResult[], behind: string): PlacedChart | undefined {
  const series = lines.flatMap(lanesOf);
  const ends = endsOf(
    series.flatMap(({ marks }) => marks.flatMap(({ x, interval = [] }) => [x, ...interval])),
  );
  if (!ends) return undefined;
  return {
    id: behind === FIRST_SCREEN ? 'overview' : `overview-${behind}`,
    title: 'Response and completion time',
    about:
      'With the range of the rounds. Hollow: not every round is valid, or the load generator was too late at this percentile. No mark: too few calls.',
    behind,
    x: { title: 'time from when the call was due', unit: 'us', scale: 'log', ...ends },
    y: null,
    series,
    spans: [],
  };
}

function lanesOf(pattern: PatternResult): MarkSeries[] {
  const parts: readonly (readonly [SeriesKind, string])[] = [
    ['response', `until ${pattern.waitsFor}`],
    ['completion', 'until done'],
  ];
  return parts.flatMap(([kind, part]): MarkSeries[] => {
    const marks = QUANTILES.flatMap((quantile) => markOf(pattern, kind, quantile));
    return marks.length === 0 ? [] : [{ kind: 'marks', title: pattern.name, part, marks }];
  });
}

function markOf(pattern: PatternResult, kind: SeriesKind, quantile: number): ChartMark[] {
  const cell = percentileCell(pattern, kind, quantile);
  if (cell.value === null) return [];
  const isHollow = cell.marks.length > 0 || !isEachValid(pattern);
  return [
    { title: quantileName(quantile), x: cell.value, ...intervalIn(cell), ...(isHollow && { isHollow }) },
  ];
}

function intervalIn({ interval }: Cell): Pick<ChartMark, 'interval'> {
  return interval ? { interval: [interval.low, interval.high] } : {};
}

/** Of the rounds without a fault. */
export function isEachValid({ trials: { latency } }: PatternResult): boolean {
  return latency.every(({ validity }) => validity.verdict === 'valid');
}
