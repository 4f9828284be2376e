import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, LoadShape, Step } from '../../src/kernel/load-shape.ts';
import { createSchedule, type Schedule, sequenceOf, shardOf } from '../../src/measure/schedule.ts';

const NS = 1e9;
const rate = fc.double({ min: 0.5, max: 500, noNaN: true });
const durationMs = fc.integer({ min: 1, max: 3000 });
const seed = fc.nat();
const spikeMs = { atMs: fc.integer({ min: 0, max: 4000 }), forMs: fc.integer({ min: 1, max: 4000 }) };
const step = fc.record({ ratePerS: rate, forMs: fc.integer({ min: 1, max: 1500 }) });
const block = fc.record({
  silentMs: fc.integer({ min: 0, max: 800 }),
  forMs: fc.integer({ min: 1, max: 800 }),
});
const load: fc.Arbitrary<LoadShape> = fc.oneof(
  fc.record({ shape: fc.constant('constant'), ratePerS: rate }),
  fc.record({ shape: fc.constant('ramp'), fromPerS: rate, toPerS: rate }),
  fc.record({ shape: fc.constant('spike'), ratePerS: rate, peakPerS: rate, ...spikeMs }),
  fc.record({ shape: fc.constant('steps'), steps: fc.array(step, { minLength: 1, maxLength: 8 }) }),
  fc.record({
    shape: fc.constant('blocks'),
    ratePerS: rate,
    blocks: fc.array(block, { minLength: 1, maxLength: 8 }),
  }),
  fc.record({ shape: fc.constant('poisson'), ratePerS: rate }),
);

function instants(schedule: Schedule): number[] {
  return Array.from({ length: schedule.count }, (_, i) => schedule.intendedNs(i));
}

/** Arrivals that a load's rate adds up to from 0 to `ns`, by the definition of each shape. */
function cumulated(shape: Exclude<LoadShape, { shape: 'poisson' }>, ns: number, totalMs: number): number {
  const t = ns / NS;
  if (shape.shape === 'constant') return shape.ratePerS * t;
  if (shape.shape === 'ramp') {
    const slope = (shape.toPerS - shape.fromPerS) / (totalMs / 1000);
    return shape.fromPerS * t + (slope * t * t) / 2;
  }
  if (shape.shape === 'steps') return inSteps(shape.steps, t);
  if (shape.shape === 'blocks') return shape.ratePerS * loadedS(shape.blocks, Math.min(t, totalMs / 1000));
  const within = Math.min(Math.max(0, t - shape.atMs / 1000), shape.forMs / 1000);
  return shape.ratePerS * (t - within) + shape.peakPerS * within;
}

/** One rate after another, the last without end. */
function inSteps(steps: readonly Step[], t: number): number {
  let sum = 0;
  let from = 0;
  for (const [i, { ratePerS, forMs }] of steps.entries()) {
    const to = i === steps.length - 1 ? Infinity : from + forMs / 1000;
    sum += ratePerS * Math.max(0, Math.min(t, to) - from);
    from = to;
  }
  return sum;
}

/** How much of the time until `t` lies in a block. */
function loadedS(blocks: readonly Block[], t: number): number {
  let sum = 0;
  let at = 0;
  for (const { silentMs, forMs } of blocks) {
    const from = at + silentMs / 1000;
    at = from + forMs / 1000;
    sum += Math.max(0, Math.min(t, at) - from);
  }
  return sum;
}

describe('every schedule', () => {
  it('is made of whole nanoseconds that never fall, all before the end', () => {
    fc.assert(
      fc.property(load, durationMs, seed, (shape, ms, s) => {
        const all = instants(createSchedule(shape, ms, s));
        for (const [i, ns] of all.entries()) {
          expect(Number.isSafeInteger(ns)).toBe(true);
          expect(ns).toBeGreaterThanOrEqual(all[i - 1] ?? 0);
          expect(ns).toBeLessThanOrEqual(ms * 1e6);
        }
      }),
    );
  });

  it('gives an arrival the same instant whatever was asked before', () => {
    fc.assert(
      fc.property(
        load,
        durationMs,
        seed,
        fc.array(fc.nat(), { maxLength: 50 }),
        (shape, ms, s, questions) => {
          const asked = createSchedule(shape, ms, s);
          if (asked.count === 0) return;
          const inOrder = instants(createSchedule(shape, ms, s));
          for (const q of questions) expect(asked.intendedNs(q % asked.count)).toBe(inOrder[q % asked.count]);
        },
      ),
    );
  });

  it('is exactly the union of its shards', () => {
    fc.assert(
      fc.property(load, durationMs, seed, fc.integer({ min: 1, max: 7 }), (shape, ms, s, count) => {
        const whole = createSchedule(shape, ms, s);
        const seen = new Map<number, number>();
        for (let index = 0; index < count; index++) {
          const part = shardOf(whole, { index, count });
          for (let i = 0; i < part.count; i++) seen.set(sequenceOf({ index, count }, i), part.intendedNs(i));
        }
        expect(seen.size).toBe(whole.count);
        for (const [i, ns] of instants(whole).entries()) expect(seen.get(i)).toBe(ns);
      }),
    );
  });
});

describe('constant, ramp, spike, steps and blocks', () => {
  const closed = load.filter((shape) => shape.shape !== 'poisson');

  it('place arrival i where the cumulated rate reaches i', () => {
    fc.assert(
      fc.property(closed, durationMs, (shape, ms) => {
        const schedule = createSchedule(shape, ms, 0);
        for (let i = 0; i < schedule.count; i++) {
          // Half a nanosecond of rounding at 2,000/s is 1e-6 arrivals.
          expect(Math.abs(cumulated(shape, schedule.intendedNs(i), ms) - i)).toBeLessThan(1e-5);
        }
      }),
    );
  });

  it('have as many arrivals as begin before the end', () => {
    fc.assert(
      fc.property(closed, durationMs, (shape, ms) => {
        const { count } = createSchedule(shape, ms, 0);
        const total = cumulated(shape, ms * 1e6, ms);
        expect(count).toBeGreaterThanOrEqual(total - 1e-5);
        expect(count).toBeLessThan(total + 1);
      }),
    );
  });

  it('do not gain an arrival by a rounding error', () => {
    expect(createSchedule({ shape: 'constant', ratePerS: 1.1 }, 50_000, 0).count).toBe(55);
    expect(createSchedule({ shape: 'constant', ratePerS: 500 }, 10_000, 0).count).toBe(5000);
  });

  it('do not drift: the last of five million arrivals is as exact as the second', () => {
    const schedule = createSchedule({ shape: 'constant', ratePerS: 3000 }, 1_600_000, 0);
    expect(schedule.intendedNs(4_799_999)).toBe(Math.round((4_799_999 / 3000) * NS));
  });

  it('keep the rate of a spike inside it and the other outside', () => {
    const spike = { shape: 'spike', ratePerS: 100, peakPerS: 1000, atMs: 1000, forMs: 500 } as const;
    const all = instants(createSchedule(spike, 3000, 0));
    const between = (from: number, to: number) => all.filter((ns) => ns >= from * NS && ns < to * NS).length;
    expect([between(0, 1), between(1, 1.5), between(1.5, 3)]).toEqual([100, 500, 150]);
  });
});

it('steps keep each rate in its own time, the last to the end', () => {
  const steps = [
    { ratePerS: 20, forMs: 1500 },
    { ratePerS: 1000, forMs: 500 },
    { ratePerS: 40, forMs: 1 },
  ];
  const all = instants(createSchedule({ shape: 'steps', steps }, 3000, 0));
  const between = (from: number, to: number) => all.filter((ns) => ns >= from * NS && ns < to * NS).length;
  expect([between(0, 1.5), between(1.5, 2), between(2, 3)]).toEqual([30, 500, 40]);
});

it('blocks are silent between them: what comes when one ends is in the next', () => {
  const blocks = [
    { silentMs: 100, forMs: 200 },
    { silentMs: 300, forMs: 100 },
  ];
  const all = instants(createSchedule({ shape: 'blocks', ratePerS: 20, blocks }, 2000, 0));
  expect(all.map((ns) => ns / 1e6)).toEqual([100, 150, 200, 250, 600, 650]);
});

describe('poisson', () => {
  const shape = { shape: 'poisson', ratePerS: 200 } as const;

  it('has the mean and the variance of a Poisson process in counts per second', () => {
    const perS = Array.from({ length: 1000 }, () => 0);
    for (const ns of instants(createSchedule(shape, 1_000_000, 7))) perS[Math.floor(ns / NS)]!++;
    const mean = perS.reduce((a, b) => a + b) / perS.length;
    const variance = perS.reduce((sum, n) => sum + (n - mean) ** 2, 0) / (perS.length - 1);
    // Five standard errors: sqrt(λ/n) of the mean, about λ·sqrt(2/n) of the variance.
    expect(Math.abs(mean - 200)).toBeLessThan(5 * Math.sqrt(200 / 1000));
    expect(Math.abs(variance - 200)).toBeLessThan(5 * 200 * Math.sqrt(2 / 1000));
  });

  it('has exponential gaps, over the borders of its blocks too', () => {
    const all = instants(createSchedule(shape, 500_000, 3));
    const gaps = all.slice(1).map((ns, i) => ns - all[i]!);
    const n = gaps.length;
    for (const k of [0.1, 0.5, 1, 2, 4]) {
      const share = gaps.filter((gap) => gap > (k * NS) / 200).length / n;
      const expected = Math.exp(-k);
      expect(Math.abs(share - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / n));
    }
  });

  it('differs by the seed alone', () => {
    const first = instants(createSchedule(shape, 5000, 1));
    expect(instants(createSchedule(shape, 5000, 1))).toEqual(first);
    expect(instants(createSchedule(shape, 5000, 2))).not.toEqual(first);
  });
});

it('a load of too many arrivals is refused with the bound', () => {
  for (const shape of ['constant', 'poisson'] as const) {
    expect(() => createSchedule({ shape, ratePerS: 50_000 }, 3_600_000, 0)).toThrow(
      /at most 5000000 arrivals/,
    );
  }
});
