import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import { ratioInterval, studentQuantile } from '../../../src/measure/stats/ratio.ts';

describe("Student's quantiles are those of the printed tables", () => {
  test.each([
    [0.95, 1, 12.706],
    [0.95, 2, 4.303],
    [0.95, 3, 3.182],
    [0.95, 4, 2.776],
    [0.95, 5, 2.571],
    [0.95, 9, 2.262],
    [0.95, 10, 2.228],
    [0.95, 29, 2.045],
    [0.95, 99, 1.984],
    [0.99, 2, 9.925],
    [0.99, 4, 4.604],
    [0.99, 7, 3.499],
  ])('%d, %d degrees of freedom: %d', (confidence, degrees, t) => {
    expect(studentQuantile(confidence, degrees)).toBeCloseTo(t, 3);
  });
});

describe('the interval of ratios', () => {
  test('by hand: logarithms 0, ln 2, ln 4 have mean ln 2 and deviation ln 2', () => {
    const found = ratioInterval([1, 2, 4], 0.95)!;
    const half = (4.3026527 * Math.LN2) / Math.sqrt(3);
    expect(found.ratio).toBeCloseTo(2, 9);
    expect(found.low).toBeCloseTo(2 * Math.exp(-half), 6);
    expect(found.high).toBeCloseTo(2 * Math.exp(half), 6);
    expect(found.pairs).toBe(3);
  });
  test('one pair says nothing of the spread; like pairs have none', () => {
    expect(ratioInterval([], 0.95)).toBeUndefined();
    expect(ratioInterval([1.3], 0.95)).toBeUndefined();
    expect(ratioInterval([1.5, 1.5], 0.95)).toMatchObject({ low: 1.5, ratio: 1.5, high: 1.5 });
  });
  test('a against b is the reciprocal of b against a', () => {
    const ratios = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(ratios, (some) => {
        const one = ratioInterval(some, 0.95)!;
        const other = ratioInterval(
          some.map((ratio) => 1 / ratio),
          0.95,
        )!;
        expect(one.low * other.high).toBeCloseTo(1, 6);
        expect(one.ratio * other.ratio).toBeCloseTo(1, 6);
      }),
    );
  });
  test('it misses the truth about as often as it says: 5 % of 2,000 drawn experiments', () => {
    const normal = (seed: number, i: number) =>
      Math.sqrt(-2 * Math.log(1 - draw(seed, 'a', i))) * Math.cos(2 * Math.PI * draw(seed, 'b', i));
    let missed = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const ratios = Array.from({ length: 5 }, (_, i) => Math.exp(0.3 + 0.1 * normal(seed, i)));
      const { low, high } = ratioInterval(ratios, 0.95)!;
      if (low > Math.exp(0.3) || high < Math.exp(0.3)) missed++;
    }
    // Binomial: 100 expected, standard deviation 9.7; the draws are the same on every machine.
    expect(missed).toBeGreaterThan(60);
    expect(missed).toBeLessThan(140);
  });
});
