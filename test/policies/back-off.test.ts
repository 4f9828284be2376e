import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BackOff, BACK_OFFS, backOffMs } from '../../src/policies/back-off.ts';

const rule: fc.Arbitrary<BackOff> = fc
  .record({
    backOff: fc.constantFrom(...BACK_OFFS),
    baseMs: fc.integer({ min: 0, max: 5000 }),
    spanMs: fc.integer({ min: 0, max: 50_000 }),
    firstAtOnce: fc.boolean(),
  })
  .map(({ spanMs, ...rest }) => ({ ...rest, maxMs: rest.baseMs + spanMs }));
const place = fc.record({ seed: fc.nat(), purpose: fc.constant('retry a-b'), sequence: fc.nat(100_000) });

/** The waits before retries 1, 2, ... of one call. */
function waitsOf(of: BackOff, at: { seed: number; purpose: string; sequence: number }, n = 9): number[] {
  const waits: number[] = [];
  for (let i = 1; i <= n; i++) waits.push(backOffMs(of, i, waits.at(-1) ?? 0, { ...at, attempt: i }));
  return waits;
}

const FIXED = { baseMs: 100, maxMs: 1000, firstAtOnce: false };
const SOMEWHERE = { seed: 1, purpose: 'retry a-b', sequence: 7 };

describe('a back-off', () => {
  it.each([
    ['none', [0, 0, 0, 0, 0]],
    ['constant', [100, 100, 100, 100, 100]],
    ['exponential', [100, 200, 400, 800, 1000]],
  ] as const)('%s waits as its formula says', (backOff, waits) => {
    expect(waitsOf({ ...FIXED, backOff }, SOMEWHERE, 5)).toEqual(waits);
  });

  it('may leave out the first wait only: 0, 2 and 4 s', () => {
    const guides = { backOff: 'exponential', baseMs: 1000, maxMs: 120_000, firstAtOnce: true } as const;
    expect(waitsOf(guides, SOMEWHERE, 3)).toEqual([0, 2000, 4000]);
  });

  it('never waits longer than maxMs, and each kind keeps its own bounds', () => {
    fc.assert(
      fc.property(rule, place, (of, at) => {
        const waits = waitsOf(of, at);
        if (of.firstAtOnce) expect(waits.shift()).toBe(0);
        const first = of.firstAtOnce ? 2 : 1;
        waits.forEach((waitMs, i) => {
          expect(waitMs).toBeLessThanOrEqual(of.maxMs);
          const longestMs = of.baseMs * 2 ** (first + i - 1);
          if (of.backOff === 'full-jitter') expect(waitMs).toBeLessThanOrEqual(longestMs);
          if (of.backOff !== 'decorrelated-jitter') return;
          expect(waitMs).toBeGreaterThanOrEqual(of.baseMs);
          expect(waitMs).toBeLessThanOrEqual(Math.max(of.baseMs, 3 * (waits[i - 1] ?? of.baseMs)));
        });
      }),
    );
  });

  it('draws from the whole of its range, alike for the same seed, otherwise for another', () => {
    const spread = (backOff: BackOff['backOff'], seed: number) =>
      Array.from({ length: 2000 }, (_, sequence) =>
        backOffMs({ ...FIXED, backOff }, 1, 0, { seed, purpose: 'retry a-b', sequence, attempt: 1 }),
      );
    const full = spread('full-jitter', 1);
    expect(Math.min(...full)).toBeLessThan(1);
    expect(Math.max(...full)).toBeGreaterThan(99);
    const decorrelated = spread('decorrelated-jitter', 1);
    expect(Math.min(...decorrelated)).toBeLessThan(101);
    expect(Math.max(...decorrelated)).toBeGreaterThan(299);
    expect(spread('full-jitter', 1)).toEqual(full);
    expect(spread('full-jitter', 2)).not.toEqual(full);
  });
});
