import { describe, expect, test } from 'vitest';
import { rowsOfOurs } from '../../../src/experiments/calibrate/design.ts';
import { betterOf, type CalibratedRow } from '../../../src/experiments/calibrate/found.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { madeCalibration } from '../../support/records/calibration.ts';

test('a target of the user’s own is not what a row of its transport is calibrated with', async () => {
  const { scenario } = await loadScenario('rest-vs-queue', []);
  const targets = { rest: { url: 'http://127.0.0.1:9/' } };
  const rows = await rowsOfOurs({ ...scenario, targets }, ['rest']);
  expect(rows.map(({ id, target }) => [id, target])).toEqual([['rest', undefined]]);
});

describe('what was known is lost only to what is as good', () => {
  const [known] = madeCalibration().rows as [CalibratedRow];
  const nothing = { ...known, at: null, floor: null, ceiling: null, why: 'not measured' };
  const later = { ...known, at: '2026-12-01T10:00:00.000Z' };
  const cut = { ...later, ceiling: { ...known.ceiling!, keptPerS: 500, isWhole: false } };
  const floorOnly = { ...later, ceiling: null, why: 'no ceiling: the time was over' };

  test('it is replaced by a later one, and nothing by anything', () => {
    expect(betterOf(later, known)).toBe(later);
    expect(betterOf(cut, nothing)).toBe(cut);
    expect(betterOf(floorOnly, nothing)).toBe(floorOnly);
  });
  test('a budget that was over too soon leaves it, and says so', () => {
    const { at, ceiling } = known;
    expect(betterOf(floorOnly, known)).toMatchObject({ at, ceiling, why: floorOnly.why });
    expect(betterOf(cut, known)).toMatchObject({
      at,
      ceiling,
      why: expect.stringContaining('time was over'),
    });
  });
});
