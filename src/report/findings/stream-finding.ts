import { quantileCell } from '../../measure/figures/percentile.ts';
import { doubtText } from '../doubt.ts';
import { formatLimit, formatUs } from '../format.ts';
import { comparableRounds, ORDER_ROUNDS, orderOf } from '../../analysis/patterns/order.ts';
import { ORDER_TAKES, orderText } from '../order-text.ts';
import { isMarked, isValid, type ResultRow, sameGuarantee } from '../../analysis/patterns/row.ts';

type Kind = 'firstItem' | 'itemJitter';
/** The best-known of these is told: how uneven a stream is shows in its tail. */
const TAILS = [0.99, 0.9, 0.5];

/**
 * `First item, at the median: 1.6 ms (gRPC stream), ... after it was due; soonest ...`, and how even the
 * gaps are. Undefined where nothing was looked at as a stream.
 */
export function streamFindings(rows: readonly ResultRow[]): string[] {
  const streams = rows.filter((row) => row.firstItem.merged !== null);
  const first = figuresText(streams, 'firstItem', 0.5);
  const tail = TAILS.find((q) => streams.every((row) => figureOf(row, 'itemJitter', q) !== undefined));
  const jitter = tail === undefined ? undefined : figuresText(streams, 'itemJitter', tail);
  return [
    ...(first === undefined
      ? []
      : [
          `First item, at the median: ${first} after it was due${orderedText(streams, 'firstItem', 'soonest')}.`,
        ]),
    ...(jitter === undefined
      ? []
      : [
          `${formatLimit(tail!)} of the gaps between items are at most ${jitter} off their plan${orderedText(streams, 'itemJitter', 'evenest at the median')}.`,
        ]),
  ];
}

function figuresText(rows: readonly ResultRow[], kind: Kind, q: number): string | undefined {
  const known = rows.flatMap((row) => {
    const us = figureOf(row, kind, q);
    if (us === undefined) return [];
    const doubt = doubtText(row.latency);
    return [`${formatUs(us)} (${row.pattern.title}${kind === 'firstItem' ? doubt : ''})`];
  });
  return known.length === 0 ? undefined : known.join(', ');
}

function figureOf(row: ResultRow, kind: Kind, q: number): number | undefined {
  const { merged } = row[kind];
  const cell = merged && quantileCell(merged, q);
  return cell?.state === 'known' ? cell.valueUs : undefined;
}

/** An order is claimed only between valid and unmarked rows, as far as the rounds carry it. */
function orderedText(rows: readonly ResultRow[], kind: Kind, how: string): string {
  const fit = rows.filter((row) => isValid(row.latency) && !isMarked(row.latency, 0.5));
  if (fit.length < 2) return '';
  if (comparableRounds(fit, kind) < ORDER_ROUNDS) return `; ${ORDER_TAKES} to say`;
  const groups = orderOf(fit, kind);
  const condition = sameGuarantee(fit) ? '' : ', under unequal guarantees';
  return groups.length === 1
    ? `; no order beyond the spread of the rounds${condition}`
    : `; ${how} ${orderText(groups)}${condition}`;
}
