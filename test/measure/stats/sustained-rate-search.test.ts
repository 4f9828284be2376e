import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import {
  sustainedRateOf,
  type RateRange,
  sustainedRateSteps,
  type RateVerdict,
  type TriedRate,
} from '../../../src/measure/stats/sustained-rate-search.ts';

const RANGE: RateRange = { startPerS: 500, leastPerS: 20, mostPerS: 50_000, within: 1.15 };

/** @param measure what a trial says; undefined: the time is over */
function searchSustainedRate(
  range: RateRange,
  measure: (ratePerS: number) => RateVerdict | undefined,
): TriedRate[] {
  const looked: TriedRate[] = [];
  const steps = sustainedRateSteps(range, looked);
  for (let next = steps.next(); !next.done;) {
    const one = measure(next.value);
    if (one === undefined) break;
    next = steps.next(one);
  }
  return looked;
}

/** A machine that keeps every rate up to its capacity, but for a share of trials that say the opposite or nothing. */
function machine(capacityPerS: number, { seed = 0, wrong = 0, discarded = 0 } = {}) {
  let trials = 0;
  return {
    measure: (ratePerS: number): RateVerdict => {
      const n = ++trials;
      if (draw(seed, 'discarded', n) < discarded) return 'discarded';
      const isSustained = ratePerS <= capacityPerS !== draw(seed, 'wrong', n) < wrong;
      return isSustained ? 'sustained' : 'not-sustained';
    },
    trials: () => trials,
  };
}

const capacity = fc.double({ min: 25, max: 45_000, noNaN: true });
const start = fc.double({ min: 20, max: 50_000, noNaN: true });

describe('a machine without noise', () => {
  test('the capacity lies between the two rates found, which are within the factor', () => {
    fc.assert(
      fc.property(capacity, start, (perS, startPerS) => {
        const { measure, trials } = machine(perS);
        const looked = searchSustainedRate({ ...RANGE, startPerS }, measure);
        const { sustainedPerS, notSustainedPerS } = sustainedRateOf(looked);
        expect(sustainedPerS!).toBeLessThanOrEqual(perS);
        expect(notSustainedPerS!).toBeGreaterThan(perS);
        expect(notSustainedPerS! / sustainedPerS!).toBeLessThanOrEqual(1.16);
        // Two trials a rate; by doubling from one end of the range to the other, then from 2 to 1.15.
        expect(trials()).toBeLessThanOrEqual(2 * (Math.ceil(Math.log2(50_000 / 20)) + 1 + 4));
        // No rate twice, none out of range.
        const rates = looked.map(({ ratePerS }) => ratePerS);
        expect(new Set(rates).size).toBe(rates.length);
        expect(Math.min(...rates)).toBeGreaterThanOrEqual(20);
        expect(Math.max(...rates)).toBeLessThanOrEqual(50_000);
      }),
    );
  });
  test('a capacity out of range is told as one end', () => {
    const above = searchSustainedRate(RANGE, machine(1e6).measure);
    expect(sustainedRateOf(above)).toEqual({ sustainedPerS: 50_000, notSustainedPerS: null });
    const below = searchSustainedRate(RANGE, machine(1).measure);
    expect(sustainedRateOf(below)).toEqual({ sustainedPerS: null, notSustainedPerS: 20 });
  });
});

describe('a noisy machine', () => {
  test('one trial of twenty is wrong: nine searches of ten still enclose the capacity', () => {
    const searches = Array.from({ length: 400 }, (_, seed) => {
      const perS = 100 * 300 ** draw(seed, 'capacity', 0);
      const { measure } = machine(perS, { seed, wrong: 0.05 });
      const { sustainedPerS, notSustainedPerS } = sustainedRateOf(searchSustainedRate(RANGE, measure));
      return (
        sustainedPerS !== null &&
        sustainedPerS <= perS &&
        (notSustainedPerS === null || notSustainedPerS > perS)
      );
    });
    const right = searches.filter(Boolean).length;
    // A rate is assessed wrongly in q²(3 − 2q) = 0.7 %; some nine rates a search.
    expect(right / searches.length).toBeGreaterThan(0.9);
  });
  test('trials that say nothing are repeated, and change nothing', () => {
    fc.assert(
      fc.property(capacity, fc.integer(), (perS, seed) => {
        const { measure } = machine(perS, { seed, discarded: 0.1 });
        const looked = searchSustainedRate(RANGE, measure);
        for (const { ratePerS, isSustained, verdicts } of looked) {
          const discarded = verdicts.filter((one) => one === 'discarded').length;
          expect(isSustained).toBe(ratePerS <= perS && discarded < 3);
          expect(verdicts.length).toBeLessThanOrEqual(5);
        }
      }),
    );
  });
  test('where nothing says anything, no rate is kept, and it comes to an end', () => {
    const { measure, trials } = machine(1000, { discarded: 1 });
    expect(sustainedRateOf(searchSustainedRate(RANGE, measure)).sustainedPerS).toBeNull();
    expect(trials()).toBeLessThan(30);
  });
});

test('when the time is over, the rate that was under way says nothing', () => {
  fc.assert(
    fc.property(capacity, fc.integer({ min: 0, max: 30 }), (perS, most) => {
      const { measure, trials } = machine(perS);
      const looked = searchSustainedRate(RANGE, (rate) => (trials() < most ? measure(rate) : undefined));
      expect(looked.flatMap(({ verdicts }) => verdicts).length).toBe(2 * looked.length);
      const { sustainedPerS, notSustainedPerS } = sustainedRateOf(looked);
      if (sustainedPerS !== null) expect(sustainedPerS).toBeLessThanOrEqual(perS);
      if (notSustainedPerS !== null) expect(notSustainedPerS).toBeGreaterThan(perS);
    }),
  );
});
