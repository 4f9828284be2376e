import { figureCell } from '../../cells.ts';
import { quantileCell, spreadOf } from '../../../measure/figures/percentile.ts';
import { isDrifting } from '../../../analysis/patterns/drift.ts';
import { knownQuantile } from '../../../analysis/patterns/known-quantile.ts';
import { isMarked, type PatternResult, type SeriesKind } from '../../../analysis/patterns/pattern-result.ts';
import type { Trial } from '../../../record/record.ts';
import { driftCell } from '../../tables/latency.ts';
import { formatRangeUs, quantileName } from '../../format.ts';
import { type Cell, EMPTY_CELL, textCell } from '../../view.ts';

/** Stands behind a percentile in which the load generator's own lag dominates: it is never ranked. */
export const LATE_MARK = '*';
export const LATE_NOTE = `${LATE_MARK} load-generator lag dominates this percentile: not ranked`;

/** A percentile over all rounds, with the range of the rounds below it. */
export function percentileCell(pattern: PatternResult, kind: SeriesKind, quantile: number): Cell {
  const { merged, rounds } = pattern.series[kind];
  if (pattern.record.state === 'not-run') return textCell('not run', { tone: 'weak' });
  const cell = merged ? quantileCell(merged, quantile) : undefined;
  if (cell?.state === 'known' && isDrifting(pattern)) return driftCell(rounds, quantile);
  if (cell?.state !== 'known') return merged && merged.count > 0 ? tooFew() : EMPTY_CELL;
  const spread = spreadOf(rounds, quantile);
  const isSame = spread.state === 'known' && spread.quantile === quantile && spread.rounds > 1;
  const interval = isSame ? { low: spread.lowUs, high: spread.highUs } : undefined;
  return figureCell(cell.valueUs, 'us', {
    marks: lateMarks(pattern, quantile),
    below: interval ? formatRangeUs(interval.low, interval.high, cell.valueUs) : null,
    ...(interval ? { interval } : {}),
  });
}

function tooFew(): Cell {
  return textCell('too few', { tone: 'weak' });
}

function lateMarks({ trials: { latency } }: PatternResult, quantile: number): string[] {
  return isMarked(latency, quantile) ? [LATE_MARK] : [];
}

/** The highest known percentile up to p99, by its name if it is a lower one. */
export function tailCell(pattern: PatternResult, kind: SeriesKind): Cell {
  const { merged } = pattern.series[kind];
  if (!merged || merged.count === 0) return EMPTY_CELL;
  const known = knownQuantile(merged);
  if (!known || known.quantile <= 0.5) return tooFew();
  const { text, ...cell } = percentileCell(pattern, kind, known.quantile);
  const name = known.quantile === 0.99 ? '' : `${quantileName(known.quantile)} `;
  return { ...cell, text: name + text, below: null };
}

/** `5 of 7`, and plain where all are. */
export function validCell(trials: readonly Trial[]): Cell {
  if (trials.length === 0) return EMPTY_CELL;
  const valid = trials.filter(({ validity }) => validity.verdict === 'valid').length;
  return textCell(`${valid} of ${trials.length}`, { tone: valid < trials.length ? 'weak' : 'plain' });
}
