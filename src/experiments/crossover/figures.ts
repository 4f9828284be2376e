import { median } from '../../measure/stats/median.ts';
import { intervalOf } from '../../measure/stats/crossover-point.ts';
import type { Crossover, Point } from './found.ts';
import { shareDone, type TrialFigure } from './sample.ts';

/** Figures of one point of a search, shared by findings, table and progress. */

export type CrossoverSide = 'first' | 'second';

export function otherSide(side: CrossoverSide): CrossoverSide {
  return side === 'first' ? 'second' : 'first';
}

/** Values of the pairs that count. */
export function valuesOf({ pairs }: Point): number[] {
  return pairs.flatMap(({ sample }) => (sample.kind === 'value' ? [sample.value] : []));
}

/** Reasons of the pairs that do not count. */
export function discardedWhy({ pairs }: Point): string[] {
  return pairs.flatMap(({ sample }) => (sample.kind === 'discarded' ? [sample.why] : []));
}

/** Figures of one pattern in the pairs that count. */
function figuresOf({ pairs }: Point, side: CrossoverSide): TrialFigure[] {
  return pairs.filter(({ sample }) => sample.kind === 'value').map((pair) => pair[side]);
}

/** The pattern did not keep up in most of the pairs that count. */
export function isSaturated(point: Point, side: CrossoverSide): boolean {
  const figures = figuresOf(point, side);
  return 2 * figures.filter(({ load }) => load === 'saturated').length > figures.length;
}

/** The median of the pairs' medians, in us; undefined where none has one. */
export function middleP50Us(point: Point, side: CrossoverSide): number | undefined {
  return middle(figuresOf(point, side).flatMap(({ p50Us }) => p50Us ?? []));
}

/** Share of the work intended in these outages that was finally done; null: none was intended. */
export function shareDoneAt(point: Point, side: CrossoverSide): number | null {
  const outages = figuresOf(point, side).flatMap(({ outage }) => outage ?? []);
  const sum = (of: (outage: (typeof outages)[number]) => number) =>
    outages.reduce((total, outage) => total + of(outage), 0);
  const intended = sum((outage) => outage.intended);
  return intended === 0 ? null : sum((outage) => outage.finallyDone) / intended;
}

/** Median of the observed outages of this length; undefined where none was observed. */
export function observedOutageMs(point: Point, side: CrossoverSide): number | undefined {
  return middle(
    figuresOf(point, side).flatMap((figure) =>
      shareDone(figure) === undefined ? [] : figure.outage!.observedMs,
    ),
  );
}

/** Ratio of the slower to the faster pattern at a point, by the geometric mean of its pairs. */
export function timesSlower(point: Point): number {
  const values = valuesOf(point);
  return Math.exp(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length));
}

/** The pairs' mean with its interval: a ratio, of outages a difference of shares; undefined for fewer than two. */
export function differenceAt({ question, rule }: Crossover, { pairs }: Point) {
  const seen = intervalOf(
    pairs.map(({ sample }) => sample),
    rule,
  );
  if (!seen) return undefined;
  const { mean, low, high } = seen;
  return question === 'outage'
    ? { mean, low: Math.max(-1, low), high: Math.min(1, high) }
    : { mean: Math.exp(mean), low: Math.exp(low), high: Math.exp(high) };
}

function middle(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : median(values);
}
