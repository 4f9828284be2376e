import { expect, describe, test } from 'vitest';
import { printed } from '../../support/reporters.ts';
import { calibrationView } from '../../../src/experiments/calibrate/view.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { madeCalibration } from '../../support/records/calibration.ts';
import { completeResult } from '../../support/result.ts';

describe('the report of a calibration', () => {
  const record = madeCalibration();
  test.each([120, 60])('as a table, %d columns', async (width) => {
    const text = printed(calibrationView(record, 'calibration.json'), 'table', { width });
    await expect(text).toMatchFileSnapshot(`../../golden/calibration-${width}.txt`);
    expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
  });
  test('a cross-check of which requests failed says nothing, and that is said', () => {
    const [rest] = madeCalibration().calibrated;
    rest!.closedLoop!.failed = 12;
    const view = calibrationView(madeCalibration({ calibrated: [rest!] }));
    expect(view.caveats.warnings.map(({ code }) => code)).toEqual(['closed-loop-failed']);
  });
});

describe('beside the result of a run', () => {
  const at = '2026-11-21T10:00:00.000Z';
  const calibrated = (sustainedPerS: number | null) => ({
    ...completeResult(),
    design: {
      ...completeResult().design,
      calibration: {
        rest: { at, noopP50Us: 310, sustainedPerS },
        queue: {
          at: '2026-11-20T10:00:00.000Z',
          noopP50Us: null,
          sustainedPerS: 4000,
          broker: 'rabbitmq 3.10.8',
        },
      },
    },
  });
  test('no-op baseline and highest sustained rate with their day, in the foot', () => {
    expect(viewOf(calibrated(5200)).meta.about.slice(-2)).toEqual([
      'Calibrated here on 2026-11-21, by one generator against a service that does nothing: REST no-op baseline 0.31 ms, sustained 5,200/s',
      'Calibrated here on 2026-11-20, by one generator against a service that does nothing: Message queue sustained 4,000/s',
    ]);
    expect(viewOf(completeResult()).meta.about.join()).not.toContain('Calibrated');
  });
  test('not what was measured with another version of its broker', () => {
    const result = calibrated(5200);
    const [rabbitmq] = result.brokers;
    const { about } = viewOf({ ...result, brokers: [{ ...rabbitmq!, version: '4.3.6' }] }).meta;
    expect(about.filter((line) => line.startsWith('Calibrated'))).toEqual([
      expect.stringMatching(/REST no-op baseline 0\.31 ms, sustained 5,200\/s$/),
    ]);
  });
  test('a capacity of which the search was cut off is there or above, and nothing is said of how near it is', () => {
    const { design, ...result } = calibrated(400);
    const rest = { ...design.calibration.rest, isSustainedAtLeast: true };
    const {
      meta: { about },
      caveats: { warnings },
    } = viewOf({ ...result, design: { ...design, calibration: { rest } } });
    expect(about.at(-1)).toMatch(/REST no-op baseline 0\.31 ms, sustained 400\/s or above$/);
    expect(warnings.map(({ code }) => code)).not.toContain('near-sustained-rate');
  });
  test('a pattern above a quarter of its capacity says so, and only that', () => {
    const warned = (sustainedPerS: number | null) =>
      viewOf(calibrated(sustainedPerS)).caveats.warnings.filter(({ code }) => code === 'near-sustained-rate');
    // The load is 200/s.
    expect(warned(800)).toEqual([]);
    expect(warned(null)).toEqual([]);
    expect(warned(799)).toEqual([
      expect.objectContaining({ text: expect.stringContaining('REST runs at 25.0 % of the 799/s') }),
    ]);
  });
});
