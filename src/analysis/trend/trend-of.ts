import { quantileCell, spreadOf } from '../../measure/figures/percentile.ts';
import { changePointsOf, fewestForChange } from '../../measure/stats/change-point.ts';
import { evenMedian } from '../../measure/stats/median.ts';
import type { NamedResult } from '../compare/comparison.ts';
import { confoundersBetween } from '../compare/differences.ts';
import { isDoneByReply, isWorkKnown } from '../patterns/evidence.ts';
import { type PatternResult, variantResults } from '../patterns/pattern-result.ts';

/** Probability that a pattern that never changed shows a change. */
export const CHANGE_ERROR = 0.05;
/** Least change of the median that counts. */
export const CHANGE_SHARE = 0.05;
/** Fewer comparable results cannot show a change. */
export const CHANGE_RESULTS = fewestForChange(CHANGE_ERROR);

/** The deciding figure of every pattern over a series of results, the oldest first. */
export interface SeriesTrend {
  readonly results: readonly SeriesResult[];
  readonly patterns: readonly PatternTrend[];
}

export interface SeriesResult extends NamedResult {
  /** Names of properties in which it differs from the newest one; empty: comparable with it. */
  readonly differs: readonly string[];
}

export interface PatternTrend {
  readonly name: string;
  readonly figure: 'response p50' | 'completion p50';
  /** One for each result. */
  readonly points: readonly TrendPoint[];
  readonly changes: readonly TrendChange[];
}

interface TrendPoint {
  /** Null: unknown there. */
  readonly us: number | null;
  readonly range: readonly [lowUs: number, highUs: number] | null;
  /** Every round of it is valid. */
  readonly isValid: boolean;
}

/** From the results before to those after it, up to the next change. */
export interface TrendChange {
  /** Index of the first result after it. */
  readonly at: number;
  readonly chance: number;
  readonly beforeUs: number;
  readonly afterUs: number;
}

/** @param results of one scenario, the oldest first */
export function trendOfResults(results: readonly NamedResult[]): SeriesTrend {
  const newest = results.at(-1)!;
  const compared = results.map((one): SeriesResult => ({ ...one, differs: differingIn(one, newest) }));
  const lines = results.map(({ result }) => variantResults(result));
  const names = [...new Set(lines.flat().map(({ name }) => name))];
  return {
    results: compared,
    patterns: names.map((name) => {
      const own = lines.map((all) => all.find((pattern) => pattern.name === name));
      return patternTrend(name, own, compared);
    }),
  };
}

function differingIn(one: NamedResult, newest: NamedResult): string[] {
  if (one === newest) return [];
  return confoundersBetween([one], [newest]).map(({ what }) => what);
}

function patternTrend(
  name: string,
  lines: readonly (PatternResult | undefined)[],
  results: readonly SeriesResult[],
): PatternTrend {
  const newest = lines.findLast((line) => line !== undefined)!;
  const isWork = newest.trials.latency.every(isWorkKnown);
  const kind = isDoneByReply(newest.record) || !isWork ? 'response' : 'completion';
  const points = lines.map((line) => pointOf(line, kind));
  return { name, figure: `${kind} p50`, points, changes: changesIn(points, results) };
}

function pointOf(line: PatternResult | undefined, kind: 'response' | 'completion'): TrendPoint {
  const series = line?.series[kind];
  const cell = series?.merged ? quantileCell(series.merged, 0.5) : undefined;
  if (!line || !series || cell?.state !== 'known') return { us: null, range: null, isValid: false };
  const spread = spreadOf(series.rounds, 0.5);
  const isSame = spread.state === 'known' && spread.quantile === 0.5;
  return {
    us: cell.valueUs,
    range: isSame ? [spread.lowUs, spread.highUs] : null,
    isValid: line.trials.latency.every(({ validity }) => validity.verdict === 'valid'),
  };
}

/** Of valid points alone, measured as the newest one was. */
function changesIn(points: readonly TrendPoint[], results: readonly SeriesResult[]): TrendChange[] {
  const used = points.flatMap(({ us, isValid }, at) =>
    us !== null && isValid && results[at]!.differs.length === 0 ? [{ us, at }] : [],
  );
  const found = changePointsOf(
    used.map(({ us }) => us),
    CHANGE_ERROR,
  );
  const ends = [0, ...found.map(({ at }) => at), used.length];
  const medianIn = (i: number) => evenMedian(used.slice(ends[i], ends[i + 1]).map(({ us }) => us));
  return found
    .map(({ at, chance }, i) => {
      return { at: used[at]!.at, chance, beforeUs: medianIn(i), afterUs: medianIn(i + 1) };
    })
    .filter(({ beforeUs, afterUs }) => Math.abs(Math.log(afterUs / beforeUs)) >= Math.log1p(CHANGE_SHARE));
}
