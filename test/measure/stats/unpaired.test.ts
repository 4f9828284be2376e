import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assessUnpaired } from '../../../src/measure/stats/unpaired.ts';

const KNOWN = { deviation: 0.14, degrees: 9 };
const RULE = { known: KNOWN, isMixed: false, margin: 0.05 };
const session = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 5 });
const side = fc.array(session, { minLength: 1, maxLength: 5 });

describe('the gate of runs apart', () => {
  test('one run on either side is as wide as runs are known to lie apart, however alike its rounds', () => {
    const rounds = Array.from({ length: 50 }, () => 0);
    const { interval } = assessUnpaired([rounds], [rounds], RULE);
    // t of 9 degrees of freedom at 95 %: 2.2622.
    expect(Math.log(interval!.high)).toBeCloseTo(2.2622 * 0.14 * Math.SQRT2, 4);
    expect(assessUnpaired([rounds], [rounds], RULE).verdict).toBe('inconclusive');
  });

  test('runs made by turns tell their noise themselves: the t interval of two samples', () => {
    const runs = (means: readonly number[]) => means.map((mean) => [mean - 0.01, mean + 0.01]);
    const [a, b] = [runs([-0.02, -0.01, 0, 0.01, 0.02]), runs([0.08, 0.09, 0.1, 0.11, 0.12])];
    const { interval } = assessUnpaired(a, b, { ...RULE, isMixed: true });
    // Pooled variance of the means 0.00025, 8 degrees of freedom: t 2.3060.
    const half = 2.306 * Math.sqrt(0.00025 * (2 / 5));
    expect(Math.log(interval!.low)).toBeCloseTo(0.1 - half, 5);
    expect(Math.log(interval!.high)).toBeCloseTo(0.1 + half, 5);
    expect(assessUnpaired(a, b, { ...RULE, isMixed: true }).verdict).toBe('regressed');
    // All of one side before all of the other: the machine may have changed in between.
    const apart = assessUnpaired(a, b, RULE).interval!;
    expect(apart.high / apart.low).toBeGreaterThan(interval!.high / interval!.low);
  });

  test('with the sides changed over it says the opposite', () => {
    fc.assert(
      fc.property(side, side, fc.boolean(), (a, b, isMixed) => {
        const [one, other] = [
          assessUnpaired(a, b, { ...RULE, isMixed }),
          assessUnpaired(b, a, { ...RULE, isMixed }),
        ];
        expect(one.interval!.low * other.interval!.high).toBeCloseTo(1, 6);
        expect(one.verdict === 'regressed').toBe(other.verdict === 'improved');
        expect(one.verdict === 'equivalent').toBe(other.verdict === 'equivalent');
      }),
    );
  });

  test('runs apart are never told more exactly than sessions are known to differ', () => {
    fc.assert(
      fc.property(side, side, (a, b) => {
        const { low, high } = assessUnpaired(a, b, RULE).interval!;
        const runs = 1 / a.length + 1 / b.length;
        // The normal quantile is below every t.
        expect(Math.log(high / low) / 2).toBeGreaterThan(1.9599 * 0.14 * Math.sqrt(runs) * 0.999);
      }),
    );
  });

  test('a single round on either side says nothing of its own scatter, nor does a side without any', () => {
    expect(assessUnpaired([[0]], [[0]], RULE)).toMatchObject({ verdict: 'inconclusive', interval: null });
    expect(assessUnpaired([], [[0, 1]], RULE)).toMatchObject({ verdict: 'inconclusive', interval: null });
  });
});
