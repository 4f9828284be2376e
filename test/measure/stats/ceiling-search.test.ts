import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import {
  ceilingFound,
  type CeilingRange,
  ceilingSteps,
  type Look,
  type RateLooked,
} from '../../../src/measure/stats/ceiling-search.ts';

const RANGE: CeilingRange = { startPerS: 500, leastPerS: 20, mostPerS: 50_000, within: 1.15 };

/** @param look what a trial says; undefined: the time is over */
function searchCeiling(range: CeilingRange, look: (ratePerS: number) => Look | undefined): RateLooked[] {
  const looked: RateLooked[] = [];
  const steps = ceilingSteps(range, looked);
  for (let next = steps.next(); !next.done;) {
    const one = look(next.value);
    if (one === undefined) break;
    next = steps.next(one);
  }
  return looked;
}

/** A machine that keeps every rate up to its capacity, but for a share of trials that say the opposite or nothing. */
function machine(capacityPerS: number, { seed = 0, wrong = 0, thrown = 0 } = {}) {
  let trials = 0;
  return {
    look: (ratePerS: number): Look => {
      const n = ++trials;
      if (draw(seed, 'thrown', n) < thrown) return 'thrown';
      const isKept = ratePerS <= capacityPerS !== draw(seed, 'wrong', n) < wrong;
      return isKept ? 'kept' : 'not-kept';
    },
    trials: () => trials,
  };
}

const capacity = fc.double({ min: 25, max: 45_000, noNaN: true });
const start = fc.double({ min: 20, max: 50_000, noNaN: true });

describe('a machine without noise', () => {
  test('the ceiling lies between the two rates found, which are within the factor', () => {
    fc.assert(
      fc.property(capacity, start, (perS, startPerS) => {
        const { look, trials } = machine(perS);
        const looked = searchCeiling({ ...RANGE, startPerS }, look);
        const { keptPerS, notKeptPerS } = ceilingFound(looked);
        expect(keptPerS!).toBeLessThanOrEqual(perS);
        expect(notKeptPerS!).toBeGreaterThan(perS);
        expect(notKeptPerS! / keptPerS!).toBeLessThanOrEqual(1.16);
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
  test('a ceiling out of range is told as one end', () => {
    const above = searchCeiling(RANGE, machine(1e6).look);
    expect(ceilingFound(above)).toEqual({ keptPerS: 50_000, notKeptPerS: null });
    const below = searchCeiling(RANGE, machine(1).look);
    expect(ceilingFound(below)).toEqual({ keptPerS: null, notKeptPerS: 20 });
  });
});

describe('a noisy machine', () => {
  test('one trial of twenty is wrong: nine searches of ten still enclose the ceiling', () => {
    const searches = Array.from({ length: 400 }, (_, seed) => {
      const perS = 100 * 300 ** draw(seed, 'capacity', 0);
      const { look } = machine(perS, { seed, wrong: 0.05 });
      const { keptPerS, notKeptPerS } = ceilingFound(searchCeiling(RANGE, look));
      return keptPerS !== null && keptPerS <= perS && (notKeptPerS === null || notKeptPerS > perS);
    });
    const right = searches.filter(Boolean).length;
    // A rate is judged wrongly in q²(3 − 2q) = 0.7 %; some nine rates a search.
    expect(right / searches.length).toBeGreaterThan(0.9);
  });
  test('trials that say nothing are repeated, and change nothing', () => {
    fc.assert(
      fc.property(capacity, fc.integer(), (perS, seed) => {
        const { look } = machine(perS, { seed, thrown: 0.1 });
        const looked = searchCeiling(RANGE, look);
        for (const { ratePerS, isKept, looks } of looked) {
          const thrown = looks.filter((one) => one === 'thrown').length;
          expect(isKept).toBe(ratePerS <= perS && thrown < 3);
          expect(looks.length).toBeLessThanOrEqual(5);
        }
      }),
    );
  });
  test('where nothing says anything, no rate is kept, and it comes to an end', () => {
    const { look, trials } = machine(1000, { thrown: 1 });
    expect(ceilingFound(searchCeiling(RANGE, look)).keptPerS).toBeNull();
    expect(trials()).toBeLessThan(30);
  });
});

test('when the time is over, the rate that was under way says nothing', () => {
  fc.assert(
    fc.property(capacity, fc.integer({ min: 0, max: 30 }), (perS, most) => {
      const { look, trials } = machine(perS);
      const looked = searchCeiling(RANGE, (rate) => (trials() < most ? look(rate) : undefined));
      expect(looked.flatMap(({ looks }) => looks).length).toBe(2 * looked.length);
      const { keptPerS, notKeptPerS } = ceilingFound(looked);
      if (keptPerS !== null) expect(keptPerS).toBeLessThanOrEqual(perS);
      if (notKeptPerS !== null) expect(notKeptPerS).toBeGreaterThan(perS);
    }),
  );
});
