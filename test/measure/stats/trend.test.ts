import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noiseOf } from '../../../prove/compare/noise.ts';
import { fewestForTrend, medianSlope, trendOf } from '../../../src/measure/stats/trend.ts';

describe('a trend by ranks', () => {
  test('has the exact probability of its order: 2 of the 120 orders of five are as regular as up and down', () => {
    expect(trendOf([1, 2, 3, 4, 5], 0.02)).toMatchObject({ direction: 'rising' });
    expect(trendOf([1, 2, 3, 4, 5], 0.02)!.chance).toBeCloseTo(2 / 120, 12);
    // One pair of six out of order: 5 + 1 orders each way.
    expect(trendOf([6, 5, 4, 3, 1, 2], 0.02)!.chance).toBeCloseTo(12 / 720, 12);
    expect(trendOf([1, 2, 3, 4, 5], 0.01)).toBeUndefined();
  });

  test('is none of four values, in whatever order', () => {
    expect(trendOf([1, 2, 3, 4], 0.05)).toBeUndefined();
    expect([0.05, 0.05 / 3, 0.01].map(fewestForTrend)).toEqual([5, 5, 6]);
  });

  test('is as large as the median slope makes it: one wild value does not', () => {
    expect(trendOf([100, 90, 81, 72.9, 65.61], 0.05)!.factor).toBeCloseTo(0.9 ** 4, 9);
    const wild = trendOf([100, 90, 81, 72.9, 65.61, 59.049, 1], 0.05)!;
    expect(wild.factor).toBeGreaterThan(0.4);
    expect(medianSlope([0, 1, 2, 3].map((at) => ({ at, value: 2 * at + 1 })))).toBe(2);
  });

  test('turns with the series, and knows ranks only', () => {
    const values = fc.array(fc.double({ min: 0.01, max: 1000, noNaN: true }), {
      minLength: 5,
      maxLength: 12,
    });
    fc.assert(
      fc.property(values, (series) => {
        const found = trendOf(series, 0.05);
        const turned = trendOf(series.toReversed(), 0.05);
        expect(turned?.direction).toBe(found && (found.direction === 'rising' ? 'falling' : 'rising'));
        const ranks = series.map((value) => 1 + series.filter((other) => other < value).length);
        expect(trendOf(ranks, 0.05)?.chance).toBe(found?.chance);
      }),
    );
  });

  test('is none where all values are equal', () => {
    expect(trendOf([3, 3, 3, 3, 3, 3], 0.05)).toBeUndefined();
  });
});

describe('simulated', () => {
  const SERIES = 4000;

  /** Share of series in which a trend is seen. */
  function seen(count: number, error: number, valueAt: (at: number, normal: () => number) => number): number {
    let found = 0;
    for (let seed = 0; seed < SERIES; seed++) {
      const noise = noiseOf(seed, 'trend');
      const values = Array.from({ length: count }, (_, at) => valueAt(at, () => noise.normal()));
      if (trendOf(values, error)) found++;
    }
    return found / SERIES;
  }

  // Four standard deviations of the simulated share above the error: this does not fail by chance.
  const bound = (error: number) => error + 4 * Math.sqrt((error * (1 - error)) / SERIES);

  test.each([5, 6, 8, 12, 20])(
    'of %i rounds of noise alone no more show one than the error allows',
    (rounds) => {
      for (const error of [0.05, 0.05 / 3]) {
        expect(seen(rounds, error, (_, normal) => Math.exp(0.1 * normal()))).toBeLessThanOrEqual(
          bound(error),
        );
        // Now and then a round is disturbed.
        const disturbed = (_: number, normal: () => number) =>
          Math.exp(0.05 * normal() + (normal() > 1.3 ? 1 : 0));
        expect(seen(rounds, error, disturbed)).toBeLessThanOrEqual(bound(error));
      }
    },
  );

  test('a broker that compiles its code over five rounds is seen in four of five runs', () => {
    // 3.7 ms per request falls to 0.75 ms, each round with 10 % of noise.
    const falling = (at: number, normal: () => number) =>
      (0.7 + 3 * Math.exp(-0.8 * at)) * Math.exp(0.1 * normal());
    expect(seen(5, 0.05 / 3, falling)).toBeGreaterThan(0.8);
  });
});
