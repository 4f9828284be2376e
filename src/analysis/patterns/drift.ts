import { shortfallIn } from '../../measure/figures/figures.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import { fewestForTrend, trendOf } from '../../measure/stats/trend.ts';
import type { Trial } from '../../record/record.ts';
import type { PatternResult } from './pattern-result.ts';

/** Probability that a pattern without any trend is taken for a drifting one, shared among its figures. */
export const DRIFT_ERROR = 0.05;
/** Least change over the rounds that counts as a drift. */
export const DRIFT_SHARE = 0.1;

/** Value of a trial; null: unknown, or not comparable. */
const FIGURES: Readonly<Record<DriftFigure, (trial: Trial) => number | null>> = {
  completion: completionUs,
  'cpu-service': ({ cost }) => cost.serviceUs,
  'cpu-broker': ({ cost }) => cost.brokerUs,
};
export type DriftFigure = 'completion' | 'cpu-service' | 'cpu-broker';

const FIGURE_ERROR = DRIFT_ERROR / Object.keys(FIGURES).length;
/** Fewer rounds cannot show a drift. */
export const DRIFT_ROUNDS = fewestForTrend(FIGURE_ERROR);

/** A figure that rose or fell from round to round: its mean describes none of them. */
export interface Drift {
  readonly figure: DriftFigure;
  /** us, in the first and in the last of the rounds. */
  readonly firstUs: number;
  readonly lastUs: number;
  readonly rounds: number;
}

const known = new WeakMap<PatternResult, readonly Drift[]>();

/** The figures of a pattern that have a trend over the rounds, under any of its variants. */
export function driftsOf(pattern: PatternResult): readonly Drift[] {
  const found = known.get(pattern) ?? driftsIn(pattern);
  known.set(pattern, found);
  return found;
}

/** Such a pattern is not in a steady state: it is not ranked, and not averaged. */
export function isDrifting(pattern: PatternResult): boolean {
  return driftsOf(pattern).length > 0;
}

function driftsIn({ trials: { latency } }: PatternResult): Drift[] {
  const byVariant = Map.groupBy(latency, ({ variant }) => variant);
  return [...byVariant.values()].flatMap((trials) => {
    const inOrder = trials.toSorted((a, b) => a.round - b.round);
    return Object.entries(FIGURES).flatMap(([figure, valueOf]) => {
      const values = inOrder.flatMap((trial) => valueOf(trial) ?? []).filter((us) => us > 0);
      const trend = trendOf(values, FIGURE_ERROR);
      if (!trend || Math.abs(Math.log(trend.factor)) < Math.log1p(DRIFT_SHARE)) return [];
      const [firstUs, lastUs] = [values[0]!, values.at(-1)!];
      return [{ figure: figure as DriftFigure, firstUs, lastUs, rounds: values.length }];
    });
  });
}

/** Latencies of a backlog grow for a reason of their own. */
function completionUs({ validity, load, evidence, phases }: Trial): number | null {
  if (validity.verdict === 'incomplete' || shortfallIn(load) || evidence === 'none') return null;
  if (validity.boundQuantiles.includes(0.5) || phases.length === 0) return null;
  const cell = quantileCell(mergeSeries(phases.map(({ completion }) => completion)), 0.5);
  return cell.state === 'known' ? cell.valueUs : null;
}
