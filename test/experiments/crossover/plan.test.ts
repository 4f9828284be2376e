import { describe, expect, test } from 'vitest';
import { type CrossoverPlan, pairSpec, probeSpec } from '../../../src/experiments/crossover/plan.ts';
import type { ResolvedPattern } from '../../../src/plan/spec.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';

const rowOf = (id: string): ResolvedPattern =>
  ({
    id,
    interaction: 'request-reply',
    own: { mix: [{ operation: 'getUser', share: 1 }] },
    definition: {},
  }) as unknown as ResolvedPattern;
const [a, b] = [rowOf('a'), rowOf('b')];
const scenario = scenarioSchema.parse({
  name: 'test',
  title: 'Test',
  patterns: ['a', 'b'].map((id) => ({ id, title: id, transport: 'rest', interaction: 'request-reply' })),
  service: { processingMs: 2 },
});
const planOf = (more: Partial<CrossoverPlan>): CrossoverPlan => ({
  question: 'payload',
  scenario,
  seed: 7,
  do: 'kill',
  ratePerS: 50,
  ...more,
});

describe('a trial of a pair', () => {
  test('has the same arrivals as the other pattern, and others than the next pair', () => {
    const plan = planOf({});
    const seedOf = (pattern: ResolvedPattern, pair: number) =>
      pairSpec(plan, pattern, { id: 1, pair, at: 1000 }).seed;
    expect(seedOf(a, 1)).toBe(seedOf(b, 1));
    expect(seedOf(a, 1)).not.toBe(seedOf(a, 2));
    expect(pairSpec({ ...plan, seed: 8 }, a, { id: 1, pair: 1, at: 1000 }).seed).not.toBe(seedOf(a, 1));
  });
  test('payload: an echo of so many bytes, in place of any mix of the pattern', () => {
    const spec = pairSpec(planOf({}), a, { id: 1, pair: 1, at: 31.6 });
    expect(spec).toMatchObject({
      kind: 'latency',
      system: { contract: 'echo-32' },
      load: { mix: [{ operation: 'echo', share: 1 }] },
    });
    expect(spec.load.shape).toEqual({ shape: 'constant', ratePerS: 50 });
    expect(spec.faults).toEqual([]);
  });
  test('payload: large ones warm up with fewer calls, a few at once', () => {
    const warmUpAt = (at: number) => pairSpec(planOf({}), a, { id: 1, pair: 1, at }).warmUp.closedLoop!;
    expect(warmUpAt(1000)).toMatchObject({ calls: 1500, concurrency: 16 });
    expect(warmUpAt(1_000_000)).toMatchObject({ calls: 64, concurrency: 4 });
  });
  test('rate: as many calls a second, and enough of them for a median', () => {
    const plan = planOf({ question: 'rate', ratePerS: null });
    for (const at of [20, 333, 5000]) {
      const spec = pairSpec(plan, a, { id: 1, pair: 1, at });
      expect(spec.load.shape).toEqual({ shape: 'constant', ratePerS: at });
      expect((at * spec.load.durationMs) / 1000).toBeGreaterThanOrEqual(40);
      expect(spec).toMatchObject({
        system: { contract: 'users', service: { processingMs: 2 } },
        load: { mix: [{ operation: 'getUser' }] },
      });
    }
  });
  test('outage: the service is taken away for so long, in the way that was asked for', () => {
    const plan = planOf({ question: 'outage', ratePerS: 200, do: 'freeze' });
    const spec = pairSpec(plan, a, { id: 1, pair: 1, at: 316 });
    expect(spec).toMatchObject({
      kind: 'service-outage',
      load: { durationMs: 2316 },
      faults: [{ do: 'freeze', on: 'service', forMs: 316 }],
    });
  });
  test('a capacity is asked for by the closed loop', () => {
    const plan = planOf({ question: 'rate', ratePerS: null });
    expect(probeSpec(plan, a, 1).warmUp.closedLoop!.forMs).toBe(1000);
    expect(pairSpec(plan, a, { id: 1, pair: 1, at: 20 }).warmUp.closedLoop!.forMs).toBe(0);
  });
});
