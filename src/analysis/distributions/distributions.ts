import type { Series } from '../../measure/figures/figures.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import type { Trial } from '../../record/record.ts';
import { type Labels, latenciesIn, type LatencyFigure, partsIn } from './parts.ts';

/** The latencies of one part of the load, of all rounds together. */
export interface Distribution {
  readonly labels: Labels;
  readonly figure: LatencyFigure;
  readonly series: Series;
}

export function distributionsIn(trials: readonly Trial[]): Distribution[] {
  const all = partsIn(trials).flatMap(({ labels, phase }) =>
    latenciesIn(phase).map(([figure, series]) => ({ labels, figure, series })),
  );
  const alike = Map.groupBy(all, ({ labels, figure }) => JSON.stringify([figure, labels]));
  return [...alike.values()].map((rounds) => ({
    ...rounds[0]!,
    series: mergeSeries(rounds.map(({ series }) => series)),
  }));
}
