import { quantileCell } from '../../measure/figures/percentile.ts';
import { caveatText } from '../caveat.ts';
import { formatLimit, formatUs } from '../format.ts';
import { comparableRounds, ORDER_ROUNDS, orderOf } from '../../analysis/patterns/order.ts';
import { ORDER_TAKES, orderText } from '../order-text.ts';
import {
  isMarked,
  isValid,
  type PatternResult,
  sameGuarantee,
} from '../../analysis/patterns/pattern-result.ts';

type Kind = 'firstItem' | 'itemJitter';
/** The best-known of these is told: how uneven a stream is shows in its tail. */
const TAILS = [0.99, 0.9, 0.5];

/**
 * `First item, at the median: 1.6 ms (gRPC stream), ... after it was due; soonest ...`, and how even the
 * gaps are. Undefined where nothing was looked at as a stream.
 */
export function streamFindings(patterns: readonly PatternResult[]): string[] {
  const streams = patterns.filter((pattern) => pattern.firstItem.merged !== null);
  const first = figuresText(streams, 'firstItem', 0.5);
  const tail = TAILS.find((q) =>
    streams.every((pattern) => figureOf(pattern, 'itemJitter', q) !== undefined),
  );
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

function figuresText(patterns: readonly PatternResult[], kind: Kind, q: number): string | undefined {
  const known = patterns.flatMap((pattern) => {
    const us = figureOf(pattern, kind, q);
    if (us === undefined) return [];
    const caveat = caveatText(pattern.latency);
    return [`${formatUs(us)} (${pattern.record.title}${kind === 'firstItem' ? caveat : ''})`];
  });
  return known.length === 0 ? undefined : known.join(', ');
}

function figureOf(pattern: PatternResult, kind: Kind, q: number): number | undefined {
  const { merged } = pattern[kind];
  const cell = merged && quantileCell(merged, q);
  return cell?.state === 'known' ? cell.valueUs : undefined;
}

/** An order is claimed only between valid and unmarked rows, as far as the rounds carry it. */
function orderedText(patterns: readonly PatternResult[], kind: Kind, how: string): string {
  const fit = patterns.filter((pattern) => isValid(pattern.latency) && !isMarked(pattern.latency, 0.5));
  if (fit.length < 2) return '';
  if (comparableRounds(fit, kind) < ORDER_ROUNDS) return `; ${ORDER_TAKES} to say`;
  const groups = orderOf(fit, kind);
  const condition = sameGuarantee(fit) ? '' : ', under unequal guarantees';
  return groups.length === 1
    ? `; no order beyond the spread of the rounds${condition}`
    : `; ${how} ${orderText(groups)}${condition}`;
}
