import { spreadOf } from '../../measure/figures/percentile.ts';
import type { Analysis } from '../analysis.ts';
import type { Finding } from '../finding.ts';
import { comparableRounds, ORDER_ROUNDS, orderOf } from '../patterns/order.ts';
import { isMarked, isValid, type PatternResult, sameGuarantee } from '../patterns/pattern-result.ts';
import { patternOf, quantileFigure, rankFigures } from './figures.ts';
import { whyUnjudged } from './unjudged.ts';

/** Which pattern completes its work soonest: one finding, or one for each variant. */
export function orderFindings({ patterns, orders }: Analysis): Finding[] {
  if (orders.length === 0) return orderFinding(patterns);
  return orders.flatMap(({ variant, lines }) =>
    orderFinding(lines).map((finding) => ({
      ...finding,
      subject: [{ kind: 'variant', id: variant.id } as const, ...finding.subject],
    })),
  );
}

function orderFinding(patterns: readonly PatternResult[]): Finding[] {
  const measured = patterns.filter((pattern) => pattern.completion.merged);
  if (measured.length < 2) return [];
  const fit = measured.filter((pattern) => isValid(pattern.latency) && !isMarked(pattern.latency, 0.5));
  const unfit = patterns.filter((pattern) => !fit.includes(pattern));
  const order = fit.length === 2 ? orderOfTwo(fit[0]!, fit[1]!) : orderOfSeveral(fit);
  return [
    {
      code: 'completion-order',
      subject: patterns.map(patternOf),
      figures: [
        ...rankFigures(order.groups),
        ...measured.map((pattern) => quantileFigure(pattern, 'completion', 0.5)),
      ],
      verdict: unfit.length > 0 ? 'no-recommendation' : order.verdict,
      caveats: [
        ...unfit.map((pattern) => ({ code: whyUnjudged(pattern, 'completion'), of: pattern.record.id })),
        ...(sameGuarantee(fit) ? [] : [{ code: 'unequal-guarantees' }]),
      ],
    },
  ];
}

interface Order {
  readonly groups: readonly (readonly PatternResult[])[];
  readonly verdict: 'ordered' | 'not-significant' | 'too-few-rounds';
}

/**
 * So many rounds of each row. Two like rows have ranges that do not overlap with probability
 * 2 (n!)^2 / (2n)!: a third at 2 rounds, 0.8 % at 5 (an exact permutation test).
 */
const ROUNDS_TO_CLAIM = 5;

/** Between two, only where their rounds do not overlap. */
function orderOfTwo(a: PatternResult, b: PatternResult): Order {
  const [x, y] = [medianRange(a), medianRange(b)];
  const together = [[a, b]];
  if (!x || !y || Math.min(x.rounds, y.rounds) < ROUNDS_TO_CLAIM)
    return { groups: together, verdict: 'too-few-rounds' };
  if (x.highUs < y.lowUs) return { groups: [[a], [b]], verdict: 'ordered' };
  if (y.highUs < x.lowUs) return { groups: [[b], [a]], verdict: 'ordered' };
  return { groups: together, verdict: 'not-significant' };
}

/** More than two: as far as the intervals of their ratios carry an order. */
function orderOfSeveral(patterns: readonly PatternResult[]): Order {
  const groups = orderOf(patterns, 'completion');
  if (comparableRounds(patterns, 'completion') < ORDER_ROUNDS) return { groups, verdict: 'too-few-rounds' };
  return { groups, verdict: groups.length > 1 ? 'ordered' : 'not-significant' };
}

function medianRange(pattern: PatternResult) {
  const spread = spreadOf(pattern.completion.rounds, 0.5);
  return spread.state === 'known' && spread.quantile === 0.5 ? spread : undefined;
}
