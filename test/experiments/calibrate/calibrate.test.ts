import { describe, expect, test } from 'vitest';
import { ownPatterns } from '../../../src/experiments/calibrate/design.ts';
import { betterOf, type CalibratedPattern } from '../../../src/experiments/calibrate/found.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { madeCalibration } from '../../support/records/calibration.ts';

test('a target of the user’s own is not what a pattern of its transport is calibrated with', async () => {
  const { scenario } = await loadScenario('rest-vs-queue', []);
  const targets = { rest: { url: 'http://127.0.0.1:9/' } };
  const patterns = await ownPatterns({ ...scenario, targets }, ['rest']);
  expect(patterns.map(({ id, target }) => [id, target])).toEqual([['rest', undefined]]);
});

describe('what was known is lost only to what is as good', () => {
  const [known] = madeCalibration().calibrated as [CalibratedPattern];
  const nothing = { ...known, at: null, noop: null, sustainedRate: null, why: 'not measured' };
  const later = { ...known, at: '2026-12-01T10:00:00.000Z' };
  const cut = { ...later, sustainedRate: { ...known.sustainedRate!, sustainedPerS: 500, isWhole: false } };
  const baselineOnly = {
    ...later,
    sustainedRate: null,
    why: 'no sustained rate: the time limit was reached',
  };

  test('it is replaced by a later one, and nothing by anything', () => {
    expect(betterOf(later, known)).toBe(later);
    expect(betterOf(cut, nothing)).toBe(cut);
    expect(betterOf(baselineOnly, nothing)).toBe(baselineOnly);
  });
  test('a budget that was over too soon leaves it, and says so', () => {
    const { at, sustainedRate } = known;
    expect(betterOf(baselineOnly, known)).toMatchObject({ at, sustainedRate, why: baselineOnly.why });
    expect(betterOf(cut, known)).toMatchObject({
      at,
      sustainedRate,
      why: expect.stringContaining('time limit was reached'),
    });
  });
});
