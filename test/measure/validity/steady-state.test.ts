import { describe, expect, it } from 'vitest';
import { isSteady, median } from '../../../src/measure/validity/steady-state.ts';

describe('steady', () => {
  it.each([
    ['one window', [1e6], false],
    ['no window', [], false],
    ['equal medians', [1e6, 1e6], true],
    ['a fifth less', [1e6, 0.8e6], true],
    ['more than a fifth less', [1e6, 0.79e6], false],
    ['a fifth more', [0.8e6, 1e6], true],
    ['a tenth of a millisecond, though it is a third', [0.2e6, 0.3e6], true],
    ['a tenth of a millisecond and a little', [0.2e6, 0.301e6], false],
    ['only the last two count', [9e6, 1e6, 1.1e6], true],
    ['a warm-up that just got fast', [9e6, 9e6, 1e6], false],
    ['a window in which nothing was answered', [1e6, NaN], false],
    ['a window after one in which nothing was answered', [NaN, 1e6], false],
  ])('%s', (_what, windows, expected) => {
    expect(isSteady(windows)).toBe(expected);
  });
});

describe('median', () => {
  it('is a sample that half of the samples do not exceed', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([10, 9, 1, 2])).toBe(2);
    expect(median([])).toBeNaN();
  });
});
