import { describe, expect, it } from 'vitest';
import { definition as latency } from '../../src/faults/latency.ts';
import { struck } from '../../src/faults/struck.ts';

const COUNT = 20_000;

/** Delays of the first tries of so many arrivals, in ms; those that were spared are absent. */
function delays(given: object): number[] {
  const options = latency.options.parse(given) as never;
  return Array.from({ length: COUNT }, (_, sequence) =>
    latency.strike(struck({ seed: 5, fault: 'slow' }, { sequence, attempt: 1, begun: 0 }), options),
  ).flatMap((strike) => (strike?.kind === 'delay' ? [strike.ms] : []));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const shareAbove = (values: readonly number[], least: number) =>
  values.filter((value) => value > least).length / values.length;

describe('latency', () => {
  it('is the same for every message it strikes, where it is fixed', () => {
    const found = delays({ ms: 40, share: 0.25 });
    expect(new Set(found)).toEqual(new Set([40]));
    expect(found.length / COUNT).toBeCloseTo(0.25, 1.7);
  });

  it('is as likely everywhere to either side of its middle, where it is uniform', () => {
    const found = delays({ distribution: 'uniform', ms: 40, spreadMs: 10 });
    expect(found).toHaveLength(COUNT);
    expect(found.every((ms) => ms >= 30 && ms <= 50)).toBe(true);
    for (const [tenth, least] of [32, 34, 36, 38, 40, 42, 44, 46, 48].entries()) {
      expect(shareAbove(found, least)).toBeCloseTo(0.9 - tenth / 10, 1.7);
    }
  });

  it("has a normal's shares within one, two and three deviations", () => {
    const found = delays({ distribution: 'normal', ms: 100, spreadMs: 10 });
    expect(mean(found)).toBeCloseTo(100, 0.5);
    for (const [deviations, share] of [
      [1, 0.6827],
      [2, 0.9545],
      [3, 0.9973],
    ] as const) {
      const within = shareAbove(found, 100 - 10 * deviations) - shareAbove(found, 100 + 10 * deviations);
      expect(within).toBeCloseTo(share, 1.7);
    }
  });

  it("has a pareto's tail: a share of (x / least)^-shape is above x", () => {
    const found = delays({ distribution: 'pareto', ms: 10, shape: 2, maxMs: 600_000 });
    expect(Math.min(...found)).toBeGreaterThanOrEqual(10);
    for (const times of [1.5, 2, 4, 10]) {
      expect(shareAbove(found, 10 * times)).toBeCloseTo(times ** -2, 1.7);
    }
  });

  it('is never below 0 nor above its bound', () => {
    const found = delays({ distribution: 'normal', ms: 5, spreadMs: 50, maxMs: 60 });
    expect([Math.min(...found), Math.max(...found)]).toEqual([0, 60]);
  });
});
