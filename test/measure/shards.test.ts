import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractByName } from '../../src/contracts/contracts.ts';
import { createMessages } from '../../src/generator/messages.ts';
import { warmUp } from '../../src/generator/warm-up.ts';
import { locate, mergeSeries, SeriesBuilder } from '../../src/measure/figures/histogram.ts';
import { createSchedule, sequenceOf, type Shard, shardOf, WHOLE } from '../../src/measure/schedule.ts';
import { REPLY_OF, scriptedCall } from '../generator/load-bench.ts';

const shardsOf = (count: number): Shard[] => Array.from({ length: count }, (_, index) => ({ index, count }));
const MIX = [
  { operation: 'createUser', share: 1 },
  { operation: 'getUser', share: 3 },
];

describe('several generators of one schedule', () => {
  it('together send what one alone would: the same instants, operations, keys and contents', () => {
    const cases = fc.record({
      ratePerS: fc.integer({ min: 1, max: 300 }),
      seed: fc.nat(),
      n: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(cases, ({ ratePerS, seed, n }) => {
        const whole = createSchedule({ shape: 'poisson', ratePerS }, 500, seed);
        const messages = createMessages(
          { trial: 1, seed, keys: 7, mix: MIX, address: { url: 'http://127.0.0.1:1' } },
          contractByName('users'),
        );
        const sentBy = (shard: Shard) => {
          const own = shardOf(whole, shard);
          return Array.from({ length: own.count }, (_, i) => {
            const dueNs = own.intendedNs(i);
            return { dueNs, ...messages.of('measured', sequenceOf(shard, i), dueNs) };
          });
        };
        const together = shardsOf(n)
          .flatMap(sentBy)
          .toSorted((a, b) => a.envelope.sequence - b.envelope.sequence);
        expect(together).toEqual(sentBy(WHOLE));
      }),
      { numRuns: 40 },
    );
  });

  it('warm up with numbers that none of the others has', async () => {
    const messages = createMessages(
      { trial: 1, seed: 1, keys: 1, mix: MIX, address: { url: 'http://127.0.0.1:1', path: '/' } },
      contractByName('users'),
    );
    const sequences: number[] = [];
    for (const [i, shard] of shardsOf(3).entries()) {
      const { call, sent } = scriptedCall(REPLY_OF);
      await warmUp({ calls: 10 + i, concurrency: 1, forMs: 0, mostMs: null }, 1000, messages, call, shard);
      sequences.push(...sent.map(({ envelope }) => envelope.sequence));
    }
    expect(sequences.length).toBe(33);
    expect(new Set(sequences).size).toBe(33);
  });
});

it('histograms of shards add up to that of all their samples', () => {
  const sample = fc.record({
    ns: fc.integer({ min: 1, max: 1e10 }),
    dueNs: fc.integer({ min: 0, max: 1e9 }),
  });
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 5 }),
      (samples, n) => {
        const seriesOf = (some: typeof samples) => {
          const builder = new SeriesBuilder();
          for (const { ns, dueNs } of some) builder.record(ns, dueNs);
          return builder.build();
        };
        const whole = seriesOf(samples);
        const merged = mergeSeries(
          shardsOf(n).map((shard) => seriesOf(samples.filter((_, i) => i % n === shard.index))),
        );
        expect(merged.count).toBe(whole.count);
        for (const q of [0.01, 0.5, 0.9, 0.99, 1]) expect(locate(merged, q)).toEqual(locate(whole, q));
      },
    ),
  );
});
