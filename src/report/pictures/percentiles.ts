import type { PatternResult } from '../../analysis/patterns/pattern-result.ts';
import { markedAmong } from '../../measure/validity/validity.ts';
import { quantileCell, spreadOf } from '../../measure/figures/percentile.ts';
import type { ChartPoint, PlacedChart, PointSeries } from '../charts/chart.ts';
import { endsOf } from './ends.ts';
import { isEachValid } from './overview.ts';

/** From the median on: below it a distribution says little about waiting. */
const QUANTILES = [
  0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99, 0.995, 0.997, 0.999, 0.9995, 0.9999,
] as const;

const KINDS = { response: 'Response time', completion: 'Completion time' } as const;
type Kind = keyof typeof KINDS;

/** A pattern under the name of its curve. */
export interface NamedPattern {
  readonly name: string;
  readonly pattern: PatternResult;
}

/** A curve by the nines for each pattern, for each of both times. */
export function percentilePictures(lines: readonly NamedPattern[], behind: string): PlacedChart[] {
  const marked = lines.map(({ pattern }) => {
    const phases = pattern.trials.latency.flatMap((trial) => trial.phases);
    return phases.length === 0 ? [] : markedAmong(phases, QUANTILES);
  });
  return (['response', 'completion'] as const).flatMap((kind): PlacedChart[] => {
    const series = lines
      .map((line, i) => curveOf(line, kind, marked[i]!))
      .filter(({ points }) => points.length > 0);
    const points = series.flatMap((one) => one.points);
    const y = endsOf(points.flatMap((point) => [point.y, ...(point.interval ?? [])]));
    const x = endsOf(points.map((point) => point.x));
    if (!x || !y) return [];
    return [
      {
        id: `percentiles-${kind}`,
        title: `${KINDS[kind]} by percentile`,
        about:
          'Each nine is as wide as the one before it. A curve ends at the last percentile for which there are enough calls; the band is the range of the rounds. Hollow: not every round is valid, or the load generator was too late there.',
        behind,
        x: { title: 'percentile', unit: 'share', scale: 'nines', ...x },
        y: { title: KINDS[kind].toLowerCase(), unit: 'us', scale: 'log', ...y },
        series,
        spans: [],
      },
    ];
  });
}

function curveOf({ name, pattern }: NamedPattern, kind: Kind, marked: readonly number[]): PointSeries {
  const isInvalid = !isEachValid(pattern);
  return {
    kind: 'points',
    title: name,
    points: QUANTILES.flatMap((q) =>
      pointAt(pattern, kind, q).map((point) =>
        isInvalid || marked.includes(q) ? { ...point, isHollow: true } : point,
      ),
    ),
    gaps: [],
  };
}

function pointAt({ series }: PatternResult, kind: Kind, quantile: number): ChartPoint[] {
  const { merged, rounds } = series[kind];
  const cell = merged ? quantileCell(merged, quantile) : undefined;
  if (cell?.state !== 'known') return [];
  const spread = spreadOf(rounds, quantile);
  const isSame = spread.state === 'known' && spread.quantile === quantile;
  return [
    {
      x: quantile,
      y: cell.valueUs,
      ...(isSame ? { interval: [spread.lowUs, spread.highUs] as const } : {}),
    },
  ];
}
