import { quantileCell } from '../../../measure/figures/percentile.ts';
import { type CaveatCount, caveatOf } from '../../patterns/caveat.ts';
import { comparableRounds, ORDER_ROUNDS, orderOf } from '../../patterns/order.ts';
import { isMarked, isValid, type PatternResult, sameGuarantee } from '../../patterns/pattern-result.ts';

type Kind = 'firstItem' | 'itemJitter';

/** What is stated of streams: when their first item is there, and how even their gaps are. */
export interface StreamStatement {
  readonly code: 'first-items' | 'gaps-off-plan';
  readonly quantile: number;
  readonly figures: readonly StreamFigure[];
  /** Null: there are no two to compare. */
  readonly order: StreamOrder | null;
}

export interface StreamFigure {
  readonly title: string;
  readonly us: number;
  readonly caveat: CaveatCount | null;
}

export interface StreamOrder {
  readonly groups: readonly (readonly PatternResult[])[];
  readonly isShort: boolean;
  readonly isUnequal: boolean;
}

/** The best-known of these is told: how uneven a stream is shows in its tail. */
const TAILS = [0.99, 0.9, 0.5];

/** Empty where nothing was looked at as a stream. */
export function streamStatements(patterns: readonly PatternResult[]): StreamStatement[] {
  const streams = patterns.filter((pattern) => pattern.series.firstItem.merged !== null);
  const tail = TAILS.find((q) =>
    streams.every((pattern) => quantileUs(pattern, 'itemJitter', q) !== undefined),
  );
  return [
    ...statement('first-items', streams, 'firstItem', 0.5),
    ...(tail === undefined ? [] : statement('gaps-off-plan', streams, 'itemJitter', tail)),
  ];
}

function statement(
  code: StreamStatement['code'],
  streams: readonly PatternResult[],
  kind: Kind,
  quantile: number,
): StreamStatement[] {
  const figures = streams.flatMap((pattern): StreamFigure[] => {
    const us = quantileUs(pattern, kind, quantile);
    return us === undefined
      ? []
      : [{ title: pattern.record.title, us, caveat: caveatOf(pattern.trials.latency) }];
  });
  return figures.length === 0 ? [] : [{ code, quantile, figures, order: orderIn(streams, kind) }];
}

function quantileUs(pattern: PatternResult, kind: Kind, q: number): number | undefined {
  const { merged } = pattern.series[kind];
  const cell = merged && quantileCell(merged, q);
  return cell?.state === 'known' ? cell.valueUs : undefined;
}

/** An order is claimed only between valid and unmarked rows, as far as the rounds carry it. */
function orderIn(patterns: readonly PatternResult[], kind: Kind): StreamOrder | null {
  const fit = patterns.filter(
    (pattern) => isValid(pattern.trials.latency) && !isMarked(pattern.trials.latency, 0.5),
  );
  if (fit.length < 2) return null;
  return {
    groups: orderOf(fit, kind),
    isShort: comparableRounds(fit, kind) < ORDER_ROUNDS,
    isUnequal: !sameGuarantee(fit),
  };
}
