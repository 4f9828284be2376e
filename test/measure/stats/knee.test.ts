import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import { kneeOf, type LoadPoint } from '../../../src/measure/stats/knee.ts';

/** Load steps of one factor. */
function curve(rates: readonly number[], delayUs: (perS: number) => number): LoadPoint[] {
  return rates.map((ratePerS) => ({ ratePerS, throughputPerS: ratePerS, delayUs: delayUs(ratePerS) }));
}
const loadSteps = (from: number, to: number, factor: number): number[] => {
  const steps = Math.floor(Math.log(to / from) / Math.log(factor) + 1e-9);
  return Array.from({ length: steps + 1 }, (_, i) => from * factor ** i);
};
const capacity = fc.integer({ min: 100, max: 100_000 });
const factor = fc.double({ min: 1.05, max: 2, noNaN: true });

describe('closed forms', () => {
  test.each([
    ['M/M/1: half of the capacity', (rho: number) => 1 / (1 - rho), 0.5],
    // Pollaczek–Khinchine: 1 + rho / 2 (1 - rho); the derivative of rho / that is zero at 2 - sqrt 2.
    ['M/D/1: 2 − √2 of it', (rho: number) => 1 + rho / (2 * (1 - rho)), 2 - Math.SQRT2],
  ])('%s', (_name, delay, best) => {
    fc.assert(
      fc.property(capacity, factor, (perS, step) => {
        const rates = loadSteps(perS / 50, perS * 0.99, step);
        const knee = kneeOf(curve(rates, (rate) => (1e9 / perS) * delay(rate / perS)));
        // The power is unimodal: its maximum lies between the neighbours of the best point.
        if (knee.state === 'known') {
          expect(knee.lowPerS / perS).toBeLessThan(best);
          expect(knee.highPerS / perS).toBeGreaterThan(best);
        } else {
          expect(knee).toEqual({ state: 'above', perS: rates.at(-1) });
          expect(rates.at(-1)! / perS).toBeLessThan(best * step);
        }
      }),
    );
  });
  test('a delay that does not change up to the capacity, and then is that of a backlog: the capacity', () => {
    const points = curve([100, 200, 400, 800], () => 1000);
    const past = { ratePerS: 1600, throughputPerS: 800, delayUs: 400_000 };
    expect(kneeOf([...points, past])).toEqual({ state: 'known', atPerS: 800, lowPerS: 400, highPerS: 1600 });
  });
});

const points = fc
  .array(
    fc.record({
      ratePerS: fc.integer({ min: 1, max: 50_000 }),
      throughputPerS: fc.integer({ min: 1, max: 50_000 }),
      delayUs: fc.integer({ min: 2, max: 1_000_000 }),
    }),
    { minLength: 3, maxLength: 20 },
  )
  .map((all) => [...new Map(all.map((one) => [one.ratePerS, one])).values()]);

test('is of no scale, of no order, and not of how far past it was measured', () => {
  fc.assert(
    fc.property(points, (some) => {
      const knee = kneeOf(some);
      expect(kneeOf(some.toReversed())).toEqual(knee);
      expect(kneeOf(some.map((one) => ({ ...one, delayUs: one.delayUs * 4 })))).toEqual(knee);
      if (knee.state !== 'known') return;
      const last = Math.max(...some.map(({ ratePerS }) => ratePerS));
      const beyond = { ratePerS: last * 10, throughputPerS: 1, delayUs: 1e9 };
      expect(kneeOf([...some, beyond])).toEqual(knee);
    }),
  );
});

test('noise that is small beside the factor between load steps moves it no further than to a neighbour', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), capacity, (seed, perS) => {
      const rates = loadSteps(perS / 40, perS * 0.9, 1.6);
      // Kept to a tenth, so that the best of M/M/1's flat top may go to a neighbour, and no further.
      const noisy = (rate: number) => 1.1 ** (2 * draw(seed, 'noise', rate) - 1);
      const knee = kneeOf(curve(rates, (rate) => (1e9 / (perS - rate)) * noisy(rate)));
      const best = knee.state === 'known' ? knee.atPerS : knee.state === 'above' ? knee.perS : 0;
      // 0.26, 0.42 and 0.67 of the capacity, of which 0.42 is the best without noise.
      expect(Math.abs(Math.log(best / perS / (1.6 ** 6 / 40)) / Math.log(1.6))).toBeLessThan(1.01);
    }),
  );
});

test('too few points are no course', () => {
  expect(kneeOf(curve([100, 200], () => 1000))).toEqual({ state: 'unknown' });
});
