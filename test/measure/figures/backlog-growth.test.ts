import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { growthOf, type BacklogItem } from '../../../src/measure/figures/backlog-growth.ts';

const S = 1e9;

/** A server that does one thing after another, each in 1 / capacity. @param pause from when until when it does nothing */
function worked(
  ratePerS: number,
  capacityPerS: number,
  seconds: number,
  pause = { from: 0, to: 0 },
): BacklogItem[] {
  let freeAt = 0;
  return Array.from({ length: Math.round(ratePerS * seconds) }, (_, i) => {
    const due = i / ratePerS;
    let end = Math.max(due, freeAt) + 1 / capacityPerS;
    if (end > pause.from && end < pause.to) end = pause.to + 1 / capacityPerS;
    freeAt = end;
    return { dueNs: due * S, endNs: end * S };
  });
}
const load = (ratePerS: number, seconds: number) => ({ startNs: 0, lastNs: seconds * S, ratePerS });
const rate = fc.integer({ min: 200, max: 5000 });

describe('a server of fixed capacity', () => {
  test('above it, backlog grows by just the difference', () => {
    fc.assert(
      fc.property(rate, fc.double({ min: 1.2, max: 4, noNaN: true }), (perS, over) => {
        const { perS: slope, isGrowing } = growthOf(worked(perS, perS / over, 1), load(perS, 1));
        expect(Math.abs(slope - (perS - perS / over))).toBeLessThan(0.03 * perS + 5);
        expect(isGrowing).toBe(true);
      }),
    );
  });
  test('below it, it does not, be the work in hand as much as it likes', () => {
    fc.assert(
      fc.property(
        rate,
        fc.double({ min: 0.05, max: 0.99, noNaN: true }),
        fc.integer({ min: 0, max: 2 }),
        (perS, busy, waitS) => {
          const late = worked(perS, perS / busy, 2).map(({ dueNs, endNs }) => ({
            dueNs,
            endNs: endNs + waitS * 0.1 * S,
          }));
          expect(growthOf(late, load(perS, 2)).isGrowing).toBe(false);
        },
      ),
    );
  });
  test('a pause of a tenth of the time, wherever it is, is no growth', () => {
    fc.assert(
      fc.property(rate, fc.double({ min: 0, max: 0.9, noNaN: true }), (perS, from) => {
        const work = worked(perS, 3 * perS, 1, { from, to: from + 0.1 });
        expect(growthOf(work, load(perS, 1)).isGrowing).toBe(false);
      }),
    );
  });
});

test('what is never done is open to the end', () => {
  const work = worked(500, 1000, 1).map((one, i) => (i % 2 === 0 ? one : { ...one, endNs: NaN }));
  const { perS, isGrowing } = growthOf(work, load(500, 1));
  expect(perS).toBeCloseTo(250, -1);
  expect(isGrowing).toBe(true);
});

test('a load of one instant has no slope', () => {
  expect(growthOf([{ dueNs: 0, endNs: 1 }], { startNs: 0, lastNs: 0, ratePerS: 1 })).toEqual({
    perS: 0,
    isGrowing: false,
  });
});
