import { describe, expect, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import {
  boundaries,
  COMPARISON_ERROR,
  lookLevel,
  looksOf,
  PLANNED_LOOKS,
  spentError,
} from '../../../src/measure/stats/looks.ts';
import { normalQuantile, normalShare } from '../../../src/measure/stats/normal.ts';

describe('the normal distribution', () => {
  test.each([
    [0, 0.5],
    [1, 0.841344746068543],
    [1.959963984540054, 0.975],
    [-3, 0.001349898031630095],
    [-6, 9.865876450376946e-10],
  ])('below %f lies the share %f (Abramowitz & Stegun 26.2)', (x, share) => {
    expect(normalShare(x)).toBeCloseTo(share, 13);
    expect(normalQuantile(share)).toBeCloseTo(x, 6);
  });
});

describe('boundaries', () => {
  // Equally spaced looks, two sides of 2.5 % each: as published for O'Brien-Fleming spending (Reboussin, DeMets, Kim
  // & Lan 2000, Programs for computing group sequential boundaries using the Lan-DeMets method, Control Clin Trials 21).
  test.each([
    [[2.963, 1.969]],
    [[3.71, 2.511, 1.993]],
    [[4.333, 2.963, 2.359, 2.014]],
    [[4.877, 3.357, 2.68, 2.29, 2.031]],
  ])('are those of O’Brien and Fleming: %j', (published) => {
    const looks = published.map((_, i) => i + 1);
    const found = boundaries(looks, looks.length);
    for (const [i, z] of published.entries()) expect(found[i]).toBeCloseTo(z, 3);
  });

  test('one look alone has the whole error', () => {
    expect(boundaries([10], 10)).toEqual([expect.closeTo(1.959964, 5)]);
    expect(spentError(1)).toBeCloseTo(COMPARISON_ERROR, 12);
  });

  test('of a walk of 20,000 drawn comparisons, so many leave them at any look as the error says', () => {
    const normal = (walk: number, i: number) =>
      Math.sqrt(-2 * Math.log(1 - draw(walk, 'a', i))) * Math.cos(2 * Math.PI * draw(walk, 'b', i));
    const z = boundaries(PLANNED_LOOKS, 24);
    let left = 0;
    for (let walk = 0; walk < 20_000; walk++) {
      let [sum, pairs] = [0, 0];
      const isOut = PLANNED_LOOKS.some((look, i) => {
        for (; pairs < look; pairs++) sum += normal(walk, pairs);
        return Math.abs(sum) > z[i]! * Math.sqrt(look);
      });
      if (isOut) left++;
    }
    // Binomial: 1,000 expected, standard deviation 31; the draws are the same on every machine.
    expect(left).toBeGreaterThan(880);
    expect(left).toBeLessThan(1120);
  });
});

describe('the level of a look', () => {
  test('falls from look to look, and ends near that of a single one', () => {
    const levels = PLANNED_LOOKS.map((pairs) => lookLevel(pairs));
    expect(levels).toEqual(levels.toSorted((a, b) => b - a));
    expect(levels[0]).toBeGreaterThan(0.9999);
    expect(levels.at(-1)).toBeGreaterThan(0.95);
    expect(levels.at(-1)).toBeLessThan(0.96);
  });

  test('where fewer pairs were planned the whole error is spent at their end', () => {
    expect(lookLevel(6, 6)).toBeCloseTo(0.95, 6);
    expect(lookLevel(10, 10)).toBeGreaterThan(0.95);
    expect(lookLevel(10, 10)).toBeLessThan(lookLevel(10));
    expect(looksOf(12)).toEqual([6, 10, 12]);
  });

  test('a look in between pays for itself: the planned one after it has less left', () => {
    const [, , planned] = boundaries([6, 10, 16], 24);
    const [, , , after] = boundaries([6, 10, 13, 16], 24);
    expect(after).toBeGreaterThan(planned!);
  });
});
