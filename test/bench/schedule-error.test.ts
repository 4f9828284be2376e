import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  exactQuantiles,
  frozenQuantileMs,
  scheduleErrorMs,
  withoutOpening,
} from '../../bench/tools/schedule-error.ts';

const ratePerS = fc.integer({ min: 1, max: 10_000 });

test('a schedule that is kept has no error, whenever it began and however long the way is', () => {
  fc.assert(
    fc.property(ratePerS, fc.integer({ min: 1, max: 300 }), fc.integer({ max: 1e6 }), (rate, n, startMs) => {
      const stamps = Float64Array.from({ length: n }, (_, i) => startMs + (i * 1000) / rate);
      for (const error of scheduleErrorMs(stamps, rate)) expect(error).toBeCloseTo(0, 6);
    }),
  );
});

test('of fewer than half the arrivals each is as far off as it was late, the others not at all', () => {
  const lateness = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(ratePerS, lateness, (rate, late) => {
      // The late ones in the midst of more that are punctual.
      const all = [...late.map(() => 0), ...late, 0];
      const stamps = Float64Array.from(all, (ms, i) => 17 + (i * 1000) / rate + ms);
      const error = scheduleErrorMs(stamps, rate);
      all.forEach((ms, i) => expect(error[i]).toBeCloseTo(ms, 6));
    }),
  );
});

test('a request on each connection beforehand is no part of a schedule; more than that is', () => {
  const [rate, due, connections] = [200, 1000, 32];
  const kept = Array.from({ length: due }, (_, i) => 20 + (i * 1000) / rate);
  const p99 = (opening: number) => {
    const stamps = Float64Array.from([...Array.from({ length: opening }, () => 0), ...kept]);
    return exactQuantiles(scheduleErrorMs(withoutOpening(stamps, due, connections), rate))[2]!.ms;
  };
  expect(p99(0)).toBeCloseTo(0, 6);
  expect(p99(32)).toBeCloseTo(0, 6);
  expect(p99(64)).toBeGreaterThan(50);
  // What lacks is not taken from the front.
  const few = Float64Array.from(kept.slice(1));
  expect(withoutOpening(few, due, connections)).toEqual(few);
});

test('quantiles are those of the nearest rank', () => {
  const thousand = Array.from({ length: 1000 }, (_, i) => 1000 - i);
  expect(exactQuantiles(thousand).map(({ ms }) => ms)).toEqual([500, 900, 990, 999]);
  expect(exactQuantiles([7]).map(({ ms }) => ms)).toEqual([7, 7, 7, 7]);
  expect(exactQuantiles([])).toEqual([]);
});

test('what a freeze makes callers wait is what is left of it when they were due', () => {
  const [spanMs, frozenMs, ratePerMs] = [10_000, 1400, 0.5];
  const waits = Array.from({ length: spanMs * ratePerMs }, (_, i) => {
    const due = i / ratePerMs;
    return due >= 4000 && due < 4000 + frozenMs ? 4000 + frozenMs - due : 0;
  });
  for (const { quantile, ms } of exactQuantiles(waits)) {
    expect(Math.abs(frozenQuantileMs(quantile, frozenMs, spanMs) - ms)).toBeLessThanOrEqual(1 / ratePerMs);
  }
});
