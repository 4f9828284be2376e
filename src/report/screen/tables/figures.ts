import { quantileCell, spreadOf } from '../../../measure/figures/percentile.ts';
import { knownQuantile } from '../../../analysis/patterns/known-quantile.ts';
import { isMarked, type ResultRow, type SeriesKind } from '../../../analysis/patterns/row.ts';
import type { Trial } from '../../../record/record.ts';
import { formatRangeUs, formatUs, quantileName } from '../../format.ts';
import { type Cell, EMPTY_CELL, textCell } from '../../view.ts';

/** Stands behind a percentile in which the load generator's own lag dominates: it is never ranked. */
export const LATE_MARK = '*';
export const LATE_NOTE = `${LATE_MARK} load-generator lag dominates this percentile: not ranked`;

/** A percentile over all rounds, with the range of the rounds below it. */
export function percentileCell(row: ResultRow, kind: SeriesKind, quantile: number): Cell {
  const { merged, rounds } = row[kind];
  if (row.pattern.state === 'not-run') return textCell('not run', { tone: 'weak' });
  const cell = merged ? quantileCell(merged, quantile) : undefined;
  if (cell?.state !== 'known') return merged && merged.count > 0 ? tooFew() : EMPTY_CELL;
  const spread = spreadOf(rounds, quantile);
  const isSame = spread.state === 'known' && spread.quantile === quantile && spread.rounds > 1;
  const interval = isSame ? { low: spread.lowUs, high: spread.highUs } : undefined;
  return {
    ...textCell(formatUs(cell.valueUs), { value: cell.valueUs, unit: 'us', marks: lateMarks(row, quantile) }),
    below: interval ? formatRangeUs(interval.low, interval.high, cell.valueUs) : null,
    ...(interval ? { interval } : {}),
  };
}

function tooFew(): Cell {
  return textCell('too few', { tone: 'weak' });
}

function lateMarks({ latency }: ResultRow, quantile: number): string[] {
  return isMarked(latency, quantile) ? [LATE_MARK] : [];
}

/** The highest percentile up to p99 that enough calls tell, by its name where it is a lower one. */
export function tailCell(row: ResultRow, kind: SeriesKind): Cell {
  const { merged } = row[kind];
  if (!merged || merged.count === 0) return EMPTY_CELL;
  const known = knownQuantile(merged);
  if (!known || known.quantile <= 0.5) return tooFew();
  const { text, ...cell } = percentileCell(row, kind, known.quantile);
  const name = known.quantile === 0.99 ? '' : `${quantileName(known.quantile)} `;
  return { ...cell, text: name + text, below: null };
}

/** `5 of 7`, and plain where all are. */
export function validCell(trials: readonly Trial[]): Cell {
  if (trials.length === 0) return EMPTY_CELL;
  const valid = trials.filter(({ measurement }) => measurement.verdict === 'valid').length;
  return textCell(`${valid} of ${trials.length}`, { tone: valid < trials.length ? 'weak' : 'plain' });
}
