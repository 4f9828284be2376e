import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noiseOf } from '../../../prove/compare/noise.ts';
import { assessPairs } from '../../../src/measure/stats/gate.ts';
import { oneSidedOf, type PairNoise } from '../../../src/measure/stats/one-sided.ts';

const calm = { baseline: 0.02, candidate: 0.03 };

test('an outlier on one side is excluded, the same noise on both is not', () => {
  const busy = { baseline: 0.6, candidate: 0.6 };
  const struck = { baseline: 0.02, candidate: 0.4 };
  expect(oneSidedOf([calm, calm, busy, calm, struck, calm])).toEqual([
    false,
    false,
    false,
    false,
    true,
    false,
  ]);
});

test('five pairs do not show what is usual', () => {
  expect(oneSidedOf([calm, calm, calm, calm, { baseline: 0, candidate: 1 }])).not.toContain(true);
});

test('a side that always brings the same load along is not excluded', () => {
  const own = { baseline: 0.1, candidate: 0.5 };
  expect(oneSidedOf([own, own, own, own, own, own, own])).not.toContain(true);
});

test('neither side is favoured', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const pairs = fc.array(fc.record({ baseline: share, candidate: share }), { minLength: 7, maxLength: 25 });
  fc.assert(
    fc.property(pairs, (all) => {
      const swapped = all.map(({ baseline, candidate }) => ({ baseline: candidate, candidate: baseline }));
      expect(oneSidedOf(swapped)).toEqual(oneSidedOf(all));
    }),
  );
});

describe('simulated: other programs take 30 % of the cores, and strike one trial in ten', () => {
  const COMPARISONS = 400;
  const PAIRS = 24;

  /** A trial is slower by 0.8 in logarithm at all cores taken, and scatters by 4 %. */
  function simulated(seed: number, truth: number) {
    const noise = noiseOf(seed, 'one-sided');
    const trial = () => {
      const others = 0.3 + 0.05 * noise.normal() + (noise.next() < 0.1 ? 0.5 : 0);
      return { others, log: 0.8 * others + 0.04 * noise.normal() };
    };
    return Array.from({ length: PAIRS }, () => {
      const [a, b] = [trial(), trial()];
      return { noise: { baseline: a.others, candidate: b.others }, log: b.log - a.log + Math.log(truth) };
    });
  }

  function shareOf(verdict: string, truth: number, isStruck: (pairs: readonly PairNoise[]) => boolean[]) {
    const found = Array.from({ length: COMPARISONS }, (_, seed) => {
      const pairs = simulated(seed, truth);
      const struck = isStruck(pairs.map(({ noise }) => noise));
      const logs = pairs.filter((_pair, i) => !struck[i]).map(({ log }) => log);
      return assessPairs(logs, 0.05, PAIRS).verdict;
    });
    return found.filter((one) => one === verdict).length / COMPARISONS;
  }

  test('a thing compared with itself is called different in less than 5 %', () => {
    const different = shareOf('regressed', 1, oneSidedOf) + shareOf('improved', 1, oneSidedOf);
    expect(different).toBeLessThan(0.05);
  });

  test('the exclusion finds 20 % more often, and more equivalences', () => {
    const none = (pairs: readonly PairNoise[]) => pairs.map(() => false);
    expect(shareOf('regressed', 1.2, oneSidedOf)).toBeGreaterThan(0.95);
    expect(shareOf('regressed', 1.2, oneSidedOf)).toBeGreaterThan(shareOf('regressed', 1.2, none) + 0.05);
    expect(shareOf('equivalent', 1, oneSidedOf)).toBeGreaterThan(shareOf('equivalent', 1, none) + 0.2);
  });
});
