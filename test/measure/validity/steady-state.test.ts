import { describe, expect, it } from 'vitest';
import { noiseOf } from '../../../prove/compare/noise.ts';
import { median } from '../../../src/measure/stats/median.ts';
import { isSteady, STEADY_WINDOWS } from '../../../src/measure/validity/steady-state.ts';

const times = (n: number, ns: number) => Array.from({ length: n }, () => ns);
/** Evenly, from 1 ms to this share of it. */
const falling = (share: number) =>
  times(STEADY_WINDOWS, 1e6).map((ns, i) => ns * share ** (i / (STEADY_WINDOWS - 1)));

describe('steady', () => {
  it.each([
    ['no window', [], false],
    ['two windows that agree, which chance makes', [1e6, 1e6], false],
    ['one window fewer than it takes', times(STEADY_WINDOWS - 1, 1e6), false],
    ['as many equal medians', times(STEADY_WINDOWS, 1e6), true],
    ['medians that fall by a tenth', falling(0.905), true],
    ['medians that fall by more', falling(0.895), false],
    ['medians that rise: that is no warm-up', falling(1.3), true],
    ['a fall that is over', [9e6, 8e6, 7e6, 5e6, 3e6, 2e6, ...times(STEADY_WINDOWS, 1e6)], true],
    ['one slow window among others', [...times(STEADY_WINDOWS - 3, 1e6), 3e6, 1e6, 1e6], true],
    ['a last window that is a fifth faster', [...times(STEADY_WINDOWS - 1, 1e6), 0.8e6], true],
    ['a last window that is faster by more', [...times(STEADY_WINDOWS - 1, 1e6), 0.79e6], false],
    ['a last window a tenth of a millisecond slower', [...times(STEADY_WINDOWS - 1, 0.2e6), 0.3e6], true],
    ['a last window slower by a little more', [...times(STEADY_WINDOWS - 1, 0.2e6), 0.301e6], false],
    ['one among them in which nothing was answered', [1e6, NaN, ...times(STEADY_WINDOWS - 2, 1e6)], false],
    ['a last window in which nothing was answered', [...times(STEADY_WINDOWS - 1, 1e6), NaN], false],
  ])('%s', (_what, windows, expected) => {
    expect(isSteady(windows)).toBe(expected);
  });
});

describe('simulated: 16 windows at most, medians that scatter by 8 %', () => {
  const RUNS = 2000;
  const MOST = 16;

  /** For each run, the window after which it counts as steady; undefined: never. */
  function endsOf(levelAt: (window: number) => number): (number | undefined)[] {
    return Array.from({ length: RUNS }, (_, seed) => {
      const noise = noiseOf(seed, 'steady');
      const medians: number[] = [];
      while (medians.length < MOST) {
        medians.push(1e6 * levelAt(medians.length) * Math.exp(0.08 * noise.normal()));
        if (isSteady(medians)) return medians.length;
      }
      return undefined;
    });
  }
  const share = (ends: readonly (number | undefined)[], is: (end: number | undefined) => boolean) =>
    ends.filter(is).length / RUNS;

  it('noise alone ends it soon', () => {
    const ends = endsOf(() => 1);
    expect(share(ends, (end) => end === undefined)).toBeLessThan(0.02);
    expect(share(ends, (end) => end === STEADY_WINDOWS)).toBeGreaterThan(0.75);
  });

  it('code that is being compiled is seldom let through while it is still a fifth slower than in the end', () => {
    // Twice as slow at first, with these time constants in windows; two that agree were enough before: always too early.
    for (const windows of [2, 4, 6]) {
      const slower = (window: number) => Math.exp(-window / windows);
      const ends = endsOf((window) => 1 + slower(window));
      expect(share(ends, (end) => end !== undefined && slower(end - 1) > 0.2)).toBeLessThan(0.03);
    }
  });
});

describe('median', () => {
  it('is a sample that half of the samples do not exceed', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([10, 9, 1, 2])).toBe(2);
    expect(median([])).toBeNaN();
  });
});
