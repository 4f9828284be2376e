import { describe, expect, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import {
  ORDER_CONFIDENCE,
  ORDER_ERROR,
  orderConfidence,
  orderOf,
  ratioBetween,
  type Relation,
  relationIn,
  relationOf,
} from '../../../src/analysis/patterns/order.ts';
import { variantResults, patternResults } from '../../../src/analysis/patterns/pattern-result.ts';
import { sideBySide } from '../../../src/analysis/patterns/side-by-side.ts';
import { orderText } from '../../../src/report/tables/variants.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import type { Result } from '../../../src/record/record.ts';
import { comparisonResult, variantsResult } from '../../support/comparison.ts';
import { phaseOf } from '../../support/result.ts';

const texts = (result: Result, id: string) =>
  viewOf(result)
    .tables.find((s) => s.id === id)!
    .rows.map((row) => [row.title, ...row.cells.map((cell) => cell.text)]);

describe('order of patterns', () => {
  const [rest, grpc] = patternResults(comparisonResult());
  test('is antisymmetric, and nothing is before itself', () => {
    expect(relationOf(rest!, grpc!, 'completion')).toBe('before');
    expect(relationOf(grpc!, rest!, 'completion')).toBe('after');
    expect(relationOf(rest!, rest!, 'completion')).toBe('unclear');
  });
  test('takes three rounds, however far the patterns lie apart', () => {
    const [a, b] = patternResults(comparisonResult(2));
    expect(relationOf(a!, b!, 'completion')).toBe('unclear');
    const [c, d] = patternResults(comparisonResult(3));
    expect(relationOf(c!, d!, 'completion')).toBe('before');
  });
  test('groups what it cannot tell apart', () => {
    const patterns = patternResults(comparisonResult());
    expect(orderText(orderOf(patterns, 'completion'))).toBe(
      'REST, then gRPC, then GraphQL, then Message queue, then Event-driven',
    );
    expect(orderText(orderOf(patternResults(comparisonResult(2)), 'completion'))).toBe(
      'REST, gRPC, GraphQL, Message queue or Event-driven',
    );
    expect(orderOf([], 'completion')).toEqual([]);
  });
  test('claims nothing past a pattern that it cannot tell apart', () => {
    const wild = comparisonResult();
    const shape = (round: number) => (round % 2 ? { leastMs: 0.2, tailMs: 0.05 } : { leastMs: 9, tailMs: 1 });
    wild.trials = wild.trials.map((t) =>
      t.kind === 'latency' && t.pattern === 'rest'
        ? { ...t, phases: [phaseOf(600, shape(t.round), shape(t.round), t.id)] }
        : t,
    );
    // REST lies in the midst of the others: before none of them for sure, and after none.
    const groups = orderOf(patternResults(wild), 'completion');
    expect(groups.map((group) => group.length)).toEqual([5]);
  });
  test('comes with the ratio in the same rounds', () => {
    expect(ratioBetween(grpc!, rest!, 'completion')!.ratio).toBeCloseTo(1.3, 1);
  });
});

/** Logarithms of the medians of like patterns, with what is common to a round; standard normal (Box & Muller 1958). */
function likeRounds(experiment: number, rows: number, rounds: number): number[][] {
  return Array.from({ length: rows }, (_row, row) =>
    Array.from({ length: rounds }, (_round, round) => {
      const [u, v] = ['u', 'v'].map((one) => draw(7, one, experiment, row * rounds + round));
      const own = Math.sqrt(-2 * Math.log(1 - u!)) * Math.cos(2 * Math.PI * v!);
      return 0.08 * own + draw(7, 'round', experiment, round);
    }),
  );
}

/** Relations of all pairs, of patterns that are `effects` apart. */
function relations(
  experiment: number,
  effects: readonly number[],
  confidence: number,
  rounds = 5,
): Relation[] {
  const rows = likeRounds(experiment, effects.length, rounds);
  return rows.flatMap((a, i) =>
    rows.slice(i + 1).map((b, j) => {
      const apart = effects[i]! - effects[i + 1 + j]!;
      const ratios = a.map((x, round) => Math.exp(x - b[round]! + apart));
      return relationIn(ratios, confidence);
    }),
  );
}

const EXPERIMENTS = 2000;
const share = (happens: (experiment: number) => boolean): number =>
  Array.from({ length: EXPERIMENTS }, (_one, i) => i).filter(happens).length / EXPERIMENTS;

describe('orders of patterns that are alike', () => {
  const claims = (effects: readonly number[], confidence: number) => (i: number) =>
    relations(i, effects, confidence).some((relation) => relation !== 'unclear');
  const like = [0, 0, 0, 0, 0, 0];

  test('are claimed, of whichever pair, at most so often as is said', () => {
    expect(share(claims(like, orderConfidence(like.length)))).toBeLessThan(ORDER_ERROR);
  });
  test('would be claimed more often without the correction for their number', () => {
    expect(share(claims(like, ORDER_CONFIDENCE))).toBeGreaterThan(ORDER_ERROR);
  });
  test('are hardly ever said to change between variants', () => {
    // Patterns that lie a little apart, the same under all five: one claim may be right, another one wrong.
    const effects = [0, 0.02, 0.04, 0.06, 0.08];
    const changes = share((i) => {
      const variants = [0, 1, 2, 3, 4].map((v) =>
        relations(5 * i + v, effects, orderConfidence(effects.length)),
      );
      return [...variants[0]!.keys()].some((pair) => {
        const told = new Set(variants.map((found) => found[pair]));
        return told.has('before') && told.has('after');
      });
    });
    expect(changes).toBeLessThan(ORDER_ERROR / 5);
  });
});

test('the more patterns, the wider the interval of each pair, and no narrower than that of two', () => {
  expect([1, 2, 3].map(orderConfidence)).toEqual([ORDER_CONFIDENCE, ORDER_CONFIDENCE, ORDER_CONFIDENCE]);
  expect(orderConfidence(5)).toBeCloseTo(1 - 0.05 / 10, 12);
  expect(orderConfidence(6)).toBeCloseTo(1 - 0.05 / 15, 12);
});

describe('variants', () => {
  test('each has its figures, its order, and where that changes', () => {
    expect(texts(variantsResult(), 'order')).toEqual([
      ['100 B', 'REST, then gRPC', '–'],
      ['10 kB', 'gRPC or REST', 'none shown'],
      ['1 MB', 'gRPC, then REST', 'gRPC now before REST'],
    ]);
    expect(viewOf(variantsResult()).findings[0]).toBe(
      'Completes soonest at 100 B: REST, then gRPC; at 10 kB: gRPC or REST, difference not significant; at 1 MB: gRPC, then REST.',
    );
  });
  test('too few rounds claim neither an order nor a change', () => {
    const result = variantsResult(2);
    expect(texts(result, 'order').map((row) => row[2])).toEqual(['–', 'none shown', 'none shown']);
    expect(viewOf(result).findings[0]).toBe(
      'Completes soonest at 100 B: REST or gRPC, too few comparable rounds for an order; at 10 kB, 1 MB: gRPC or REST, too few comparable rounds for an order.',
    );
  });
  test('figures are never mixed over them', () => {
    const found = texts(variantsResult(), 'latency').map(([title, variant, wait]) => [title, variant, wait]);
    expect(found).toEqual([
      ['REST', '100 B', '0.62 ms'],
      ['REST', '10 kB', '0.83 ms'],
      ['REST', '1 MB', '12.0 ms'],
      ['gRPC', '100 B', '0.82 ms'],
      ['gRPC', '10 kB', '0.82 ms'],
      ['gRPC', '1 MB', '6.89 ms'],
    ]);
  });
  test('those that a run left out have no lines', () => {
    const full = variantsResult();
    const kept = <T extends { variant: string | null }>(all: readonly T[]) =>
      all.filter(({ variant }) => variant !== 'kb10');
    const { design } = full;
    const result = {
      ...full,
      design: { ...design, order: kept(design.order) },
      trials: kept(full.trials),
    };
    expect(texts(result, 'order').map(([title]) => title)).toEqual(['100 B', '1 MB']);
    expect(texts(result, 'latency')).toHaveLength(4);
  });
});

test('of several variants in one round, each is compared with its like', () => {
  const [rest, grpc] = patternResults(variantsResult());
  const rounds = sideBySide(rest!, grpc!, 'completion').rounds;
  const lines = variantResults(variantsResult());
  const each = lines
    .filter((line) => line.record.id === rest!.record.id)
    .flatMap((line) => {
      const beside = lines.find((l) => l.record.id === grpc!.record.id && l.variant === line.variant)!;
      return sideBySide(line, beside, 'completion').rounds;
    });
  expect(rounds.map((one) => one.ratio).toSorted()).toEqual(each.map((one) => one.ratio).toSorted());
});
