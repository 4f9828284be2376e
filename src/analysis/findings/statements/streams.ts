import { quantileCell } from '../../../measure/figures/percentile.ts';
import { type CaveatCount, caveatOf } from '../../patterns/caveat.ts';
import { comparableRounds, ORDER_ROUNDS, orderOf } from '../../patterns/order.ts';
import { isMarked, isValid, type PatternResult, sameGuarantee } from '../../patterns/pattern-result.ts';

type Kind = 'firstItem' | 'itemJitter';

/** Statement on streams: time to first item, and jitter. */
export interface StreamStatement {
  readonly code: 'first-items' | 'gaps-off-plan';
  readonly quantile: number;
  readonly figures: readonly StreamFigure[];
  /** Null: no two patterns can be compared. */
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

/** The first of these that is known is stated: jitter shows in the tail. */
const TAILS = [0.99, 0.9, 0.5];

/** Empty where no pattern was measured as a stream. */
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

/** An order is stated only between valid and unmarked patterns, as far as the rounds support it. */
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
