import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import { assessPairs, assessShares, gateVerdictOf } from '../../../src/measure/stats/gate.ts';
import { lookLevel, PLANNED_LOOKS } from '../../../src/measure/stats/looks.ts';
import { studentQuantile } from '../../../src/measure/stats/ratio.ts';

const MARGIN = 0.05;
const INVERTED = {
  improved: 'regressed',
  regressed: 'improved',
  equivalent: 'equivalent',
  inconclusive: 'inconclusive',
} as const;

/** Values with exactly this mean and standard deviation; an even count. */
function exactly(count: number, mean: number, deviation: number): number[] {
  const off = deviation * Math.sqrt((count - 1) / count);
  return Array.from({ length: count }, (_, i) => mean + (i % 2 === 0 ? off : -off));
}

const normal = (seed: number, i: number) =>
  Math.sqrt(-2 * Math.log(1 - draw(seed, 'a', i))) * Math.cos(2 * Math.PI * draw(seed, 'b', i));

const logs = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 24 });

describe('verdicts', () => {
  const boundary = Math.log(1.05);
  test.each([
    [boundary + 0.001, 1, 'regressed'],
    [boundary - 0.001, 1, 'inconclusive'],
    [-1, -boundary - 0.001, 'improved'],
    [-boundary + 0.001, boundary - 0.001, 'equivalent'],
    [-boundary - 0.001, 0, 'inconclusive'],
    [0, boundary + 0.001, 'inconclusive'],
    [-1, 1, 'inconclusive'],
    [0.001, 0.002, 'equivalent'],
  ] as const)('an interval from %f to %f is %s at 5 %%', (low, high, verdict) => {
    expect(gateVerdictOf({ low, high }, MARGIN)).toBe(verdict);
  });
});

describe('the gate of pairs', () => {
  test('with the sides changed over it says the opposite, with the inverted interval', () => {
    fc.assert(
      fc.property(logs, (some) => {
        const one = assessPairs(some, MARGIN);
        const other = assessPairs(
          some.map((log) => -log),
          MARGIN,
        );
        expect(other.verdict).toBe(INVERTED[one.verdict]);
        expect(one.interval!.low * other.interval!.high).toBeCloseTo(1, 9);
        expect(other.morePairs).toBe(one.morePairs);
      }),
      { numRuns: 50 },
    );
  });

  test('pays for its looks: the interval is that of Student at the level of the look', () => {
    for (const pairs of PLANNED_LOOKS) {
      const { interval } = assessPairs(exactly(pairs, 0.1, 0.05), MARGIN);
      const half = (studentQuantile(lookLevel(pairs), pairs - 1) * 0.05) / Math.sqrt(pairs);
      expect(Math.log(interval!.high)).toBeCloseTo(0.1 + half, 9);
      expect(Math.log(interval!.low)).toBeCloseTo(0.1 - half, 9);
      expect(interval!.level).toBe(lookLevel(pairs));
    }
    // Six pairs planned, and six made: no look to pay for. t of 5 degrees of freedom at 95 % is 2.5706.
    const { interval } = assessPairs(exactly(6, 0, 0.1), MARGIN, 6);
    expect(Math.log(interval!.high)).toBeCloseTo((2.5706 * 0.1) / Math.sqrt(6), 4);
  });

  test('says nothing before the first look, and how many are missing', () => {
    for (let pairs = 0; pairs < 6; pairs++) {
      const logRatios = Array.from({ length: pairs }, () => 1);
      expect(assessPairs(logRatios, MARGIN)).toEqual({
        verdict: 'inconclusive',
        interval: null,
        morePairs: 6 - pairs,
        detectable: null,
      });
    }
    expect(assessPairs([1, 1, 1, 1, 1, 1], MARGIN).verdict).toBe('regressed');
  });

  test('values that are all alike do not prove that there is no scatter', () => {
    const { interval } = assessPairs([0, 0, 0, 0, 0, 0], MARGIN);
    expect(interval!.high).toBeGreaterThan(1.0005);
  });

  test('so many more pairs of the same kind would tell', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(6, 10, 16, 24),
        fc.double({ min: -0.3, max: 0.3, noNaN: true }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (pairs, mean, deviation) => {
          const { verdict, morePairs } = assessPairs(exactly(pairs, mean, deviation), MARGIN);
          if (verdict !== 'inconclusive') expect(morePairs).toBeNull();
          if (morePairs === null) return;
          expect(morePairs).toBeGreaterThan(0);
          const even = pairs + morePairs + ((pairs + morePairs) % 2);
          if (even <= 24) expect(PLANNED_LOOKS).toContain(pairs + morePairs);
          expect(assessPairs(exactly(even, mean, deviation), MARGIN).verdict).not.toBe('inconclusive');
        },
      ),
      { numRuns: 50 },
    );
  });

  test('exactly at the margin no number of pairs would tell', () => {
    expect(assessPairs(exactly(24, Math.log(1.05), 0.1), MARGIN)).toMatchObject({
      verdict: 'inconclusive',
      morePairs: null,
    });
  });

  test('what it says to be detectable is found in about 80 % of 1,000 drawn comparisons', () => {
    for (const pairs of [10, 24]) {
      const { detectable } = assessPairs(exactly(pairs, 0, 0.1), MARGIN, pairs);
      let found = 0;
      for (let seed = 1; seed <= 1000; seed++) {
        const drawn = Array.from({ length: pairs }, (_, i) => Math.log(detectable!) + 0.1 * normal(seed, i));
        if (assessPairs(drawn, MARGIN, pairs).verdict === 'regressed') found++;
      }
      // Binomial: standard deviation 13, and the noncentral t is only approximated.
      expect(found).toBeGreaterThan(740);
      expect(found).toBeLessThan(860);
    }
  });
});

describe('the gate of shares', () => {
  const POINTS = [0.2, 0.22, 0.18, 0.21, 0.2, 0.19];

  test('a gain is an improvement, its inverse a loss, in points', () => {
    const gain = assessShares(POINTS, MARGIN);
    const loss = assessShares(
      POINTS.map((points) => -points),
      MARGIN,
    );
    expect([gain.verdict, loss.verdict]).toEqual(['improved', 'regressed']);
    expect(gain.interval!.difference).toBeCloseTo(0.2, 9);
    expect(gain.interval!.low).toBeCloseTo(-loss.interval!.high, 9);
    expect(gain.interval!.low).toBeLessThan(gain.interval!.high);
  });

  test('the margin is in points, not a ratio', () => {
    expect(assessShares([0.03, 0.03, 0.031, 0.03, 0.029, 0.03], MARGIN).verdict).toBe('equivalent');
    expect(assessShares([0.06, 0.061, 0.06, 0.059, 0.06, 0.06], MARGIN).verdict).toBe('improved');
  });

  test('says nothing before the first look; equal shares do not prove that there is no scatter', () => {
    expect(assessShares([1], MARGIN)).toEqual({
      verdict: 'inconclusive',
      interval: null,
      morePairs: 5,
      detectable: null,
    });
    const { interval, detectable } = assessShares([0, 0, 0, 0, 0, 0], MARGIN);
    expect(interval!.high).toBeGreaterThan(0.0005);
    expect(detectable).toBeGreaterThan(MARGIN);
  });
});
