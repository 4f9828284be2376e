import { describe, expect, it } from 'vitest';
import { loopFiguresOf, type ClosedLoopReport } from '../../../src/measure/figures/closed-loop.ts';
import type { Effect } from '../../../src/measure/logs/effect-log.ts';
import { effectAt, START_NS } from '../synthetic.ts';

const REPORT: ClosedLoopReport = {
  open: 100,
  calls: 5000,
  failed: 0,
  perS: 2500,
  p50Ns: 40e6,
  toNs: START_NS + 3000e6,
};

/** One effect every `everyMs`, after `fromMs`, up to `toMs`. */
function worked(fromMs: number, toMs: number, everyMs: number, subscriber = 0): Effect[] {
  const count = (toMs - fromMs) / everyMs;
  return Array.from({ length: count }, (_, i) =>
    effectAt(i, fromMs + (i + 1) * everyMs, { stage: 'warm-up', subscriber }),
  );
}

describe('a closed loop', () => {
  it('has the rate and the median of its callers, and what was done in the second in which it was accepted', () => {
    // Slow at first; the rest of what was accepted is worked off afterwards.
    const effects = [...worked(0, 2000, 10), ...worked(2000, 3000, 1), ...worked(3000, 9000, 0.5)];
    expect(loopFiguresOf(REPORT, effects, 1)).toEqual({
      open: 100,
      calls: 5000,
      failed: 0,
      acceptedPerS: 2500,
      responseP50Us: 40_000,
      donePerS: 1000,
    });
  });

  it('is done as fast as by its slowest subscriber', () => {
    const effects = [...worked(2000, 3000, 1), ...worked(2000, 3000, 4, 1)];
    expect(loopFiguresOf(REPORT, effects, 2).donePerS).toBe(250);
    expect(loopFiguresOf(REPORT, effects, 3).donePerS).toBe(0);
  });

  it('is unknown where calls failed, and what is done where nobody observes it', () => {
    const unknown = { acceptedPerS: null, responseP50Us: null, donePerS: null };
    expect(loopFiguresOf({ ...REPORT, failed: 1 }, worked(2000, 3000, 1), 1)).toMatchObject(unknown);
    expect(loopFiguresOf({ ...REPORT, p50Ns: null }, [], 1)).toMatchObject(unknown);
    expect(loopFiguresOf(REPORT, [], 0)).toMatchObject({ acceptedPerS: 2500, donePerS: null });
  });
});
