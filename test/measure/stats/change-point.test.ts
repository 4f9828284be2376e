import { expect, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import { changePointOf, changePointsOf, fewestForChange } from '../../../src/measure/stats/change-point.ts';

/** As many values around a level, by hash. */
function around(level: number, count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, i) => level + draw(seed, 'noise', i));
}

test('two levels that do not overlap: every pair counts, and the chance is Pettitt’s', () => {
  const found = changePointOf([...around(1, 10, 1), ...around(5, 10, 2)], 0.05)!;
  expect(found.at).toBe(10);
  // K = 10 × 10; 2 exp(-6 × 100² / (20³ + 20²)).
  expect(found.chance).toBeCloseTo(2 * Math.exp(-60_000 / 8400), 12);
});

test('a fall is found as a rise is, and the place is the first value after it', () => {
  const values = [...around(5, 14, 3), ...around(1, 6, 4)];
  expect(changePointOf(values, 0.05)!.at).toBe(14);
  expect(changePointOf(values.toReversed(), 0.05)!.at).toBe(6);
});

test('several changes are found in their order, each once', () => {
  const values = [...around(1, 20, 5), ...around(9, 20, 6), ...around(4, 20, 7)];
  expect(changePointsOf(values, 0.05).map(({ at }) => at)).toEqual([20, 40]);
  expect(changePointsOf([], 0.05)).toEqual([]);
  expect(
    changePointsOf(
      Array.from({ length: 50 }, () => 3),
      0.05,
    ),
  ).toEqual([]);
});

test('of series without a change no more than the error shows one', () => {
  const series = Array.from({ length: 1000 }, (_, seed) => around(1, 24, 100 + seed));
  const wrong = series.filter((values) => changePointsOf(values, 0.05).length > 0).length;
  expect(wrong).toBeLessThanOrEqual(50);
  expect(wrong).toBeGreaterThan(0);
});

test('fewer values than it says cannot show a change, so many can', () => {
  const fewest = fewestForChange(0.05);
  expect(fewest).toBe(13);
  const half = Math.floor(fewest / 2);
  expect(changePointsOf([...around(1, half, 8), ...around(9, fewest - half, 9)], 0.05)).toHaveLength(1);
  expect(changePointsOf([...around(1, half, 8), ...around(9, fewest - half - 1, 9)], 0.05)).toEqual([]);
});
