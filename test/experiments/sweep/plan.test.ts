import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countNeeded } from '../../../src/measure/figures/percentile.ts';
import type { RateAssessment } from '../../../src/experiments/search/rate-assessment.ts';
import { lengthMs } from '../../../src/experiments/search/rate-trial.ts';
import { firstRound, isStopped, laterRound } from '../../../src/experiments/sweep/plan.ts';
import { evenSteps } from '../../../src/experiments/search/even-steps.ts';
import type { ResolvedPattern } from '../../../src/plan/spec.ts';

const patterns = ['rest', 'grpc', 'queue'].map((id) => ({ id, own: {} }) as ResolvedPattern);

test('load steps go from one end to the other by one factor, to three digits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999 }),
      fc.double({ min: 2, max: 1000, noNaN: true }),
      fc.integer({ min: 2, max: 30 }),
      (from, span, steps) => {
        const to = from * span;
        const rates = evenSteps({ from, to, steps });
        expect(rates).toEqual(rates.toSorted((a, b) => a - b));
        expect(rates[0]).toBe(from);
        expect(rates.at(-1)! / to).toBeCloseTo(1, 2);
        const factor = span ** (1 / (steps - 1));
        for (const [i, rate] of rates.slice(1).entries()) {
          // Three digits are half a hundredth off at most, each.
          if (factor > 1.02) expect(rate / rates[i]! / factor).toBeCloseTo(1, 1);
        }
      },
    ),
  );
});

test('every pattern at every rate once a round: upwards first, then in another order, by the seed', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const rates = [100, 200, 400];
      const first = firstRound(patterns, rates, seed);
      expect(first.map((steps) => steps.map(({ ratePerS }) => ratePerS))).toEqual(
        rates.map((rate) => [rate, rate, rate]),
      );
      for (const steps of first) expect(new Set(steps.map(({ pattern }) => pattern.id)).size).toBe(3);
      const later = laterRound(first.flat(), seed, 2);
      const keys = (steps: typeof later) =>
        steps.map(({ pattern, ratePerS }) => `${pattern.id} ${ratePerS}`).toSorted();
      expect(keys(later)).toEqual(keys(first.flat()));
      expect(laterRound(first.flat(), seed, 2)).toEqual(later);
    }),
  );
  const orders = Array.from({ length: 50 }, (_, seed) =>
    laterRound(firstRound(patterns, [1, 2], seed).flat(), seed, 2),
  );
  expect(new Set(orders.map((order) => JSON.stringify(order))).size).toBeGreaterThan(40);
});

test('a pattern stops after two rates in a row that it did not keep; a disturbed one is none', () => {
  const look = (limit: RateAssessment['limit']): RateAssessment => ({
    verdict: 'sustained',
    limit,
    why: null,
  });
  const [kept, saturated, bound, disturbed] = [null, 'saturated', 'generator-bound', 'disturbed'].map(
    (limit) => look(limit as RateAssessment['limit']),
  ) as [RateAssessment, RateAssessment, RateAssessment, RateAssessment];
  expect(isStopped([saturated])).toBe(false);
  expect(isStopped([saturated, kept, saturated])).toBe(false);
  expect(isStopped([kept, saturated, bound])).toBe(true);
  expect(isStopped([saturated, disturbed])).toBe(false);
  expect(isStopped([])).toBe(false);
});

test('all rounds together have the calls that a percentile needs, within bounds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50_000 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(0.5, 0.9, 0.99),
      (ratePerS, rounds, quantile) => {
        const ms = lengthMs(ratePerS, rounds, { drawn: 0.5, quantile });
        expect(ms).toBeGreaterThanOrEqual(1000);
        expect(ms).toBeLessThanOrEqual(8000);
        const tail = lengthMs(ratePerS, rounds, { drawn: quantile, quantile });
        // 100 ms each, in all rounds together.
        if (tail < 8000) expect(((1 - quantile) * rounds * tail) / 100).toBeGreaterThanOrEqual(5.99);
        if (ms < 8000) expect((rounds * ratePerS * ms) / 1000).toBeGreaterThanOrEqual(countNeeded(quantile));
      },
    ),
  );
});
