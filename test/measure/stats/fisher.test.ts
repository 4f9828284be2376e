import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fisherUpper } from '../../../src/measure/stats/fisher.ts';

function choose(n: number, k: number): bigint {
  let out = 1n;
  for (let i = 1; i <= k; i++) out = (out * BigInt(n - k + i)) / BigInt(i);
  return out;
}

/** The same tail in whole numbers. */
function tail(a: number, ofA: number, b: number, ofB: number): number {
  let ways = 0n;
  for (let x = b; x <= Math.min(a + b, ofB); x++) {
    if (a + b - x <= ofA) ways += choose(ofB, x) * choose(ofA, a + b - x);
  }
  return Number((ways * 10n ** 15n) / choose(ofA + ofB, a + b)) / 1e15;
}

describe("Fisher's exact test", () => {
  test('of the lady tasting tea: 3 of 4 right by chance in 17 of 70', () => {
    expect(fisherUpper({ count: 1, of: 4 }, { count: 3, of: 4 })).toBeCloseTo(17 / 70, 12);
  });

  test('is what whole numbers say', () => {
    const counted = fc
      .integer({ min: 1, max: 200 })
      .chain((of) => fc.record({ count: fc.integer({ min: 0, max: of }), of: fc.constant(of) }));
    fc.assert(
      fc.property(counted, counted, (baseline, candidate) => {
        const exact = tail(baseline.count, baseline.of, candidate.count, candidate.of);
        expect(fisherUpper(baseline, candidate)).toBeCloseTo(exact, 9);
      }),
    );
  });

  test('bears the counts of long trials', () => {
    const p = fisherUpper({ count: 0, of: 1_000_000 }, { count: 10, of: 1_000_000 });
    expect(p).toBeCloseTo(2 ** -10, 5);
    expect(fisherUpper({ count: 500, of: 1_000_000 }, { count: 0, of: 1_000_000 })).toBeCloseTo(1, 6);
  });

  test('of a candidate that fails less nothing is held against it, however improbable that is', () => {
    // 2 to the power of -2,000 is no number of a computer's: a sum that begins there is 0, and not 1.
    expect(fisherUpper({ count: 2000, of: 14_400 }, { count: 0, of: 14_400 })).toBeCloseTo(1, 12);
    expect(fisherUpper({ count: 0, of: 14_400 }, { count: 2000, of: 14_400 })).toBe(0);
  });

  test('where nothing failed, or nothing was counted, there is no difference', () => {
    expect(fisherUpper({ count: 0, of: 100 }, { count: 0, of: 100 })).toBeCloseTo(1, 12);
    expect(fisherUpper({ count: 0, of: 0 }, { count: 0, of: 0 })).toBe(1);
  });
});
