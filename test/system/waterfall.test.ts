import { expect, test } from 'vitest';
import { openTrials } from './trials.ts';

/** Twice what one slot of 20 ms can do: all but the first wait for the slot. */
const SCENARIO = `
name: one-slot
title: A queue in the service
rounds: 1
noop: false
warmUp: { calls: 0, probeMs: 0 }
load: { shape: constant, ratePerS: 100 }
durationMs: 600
deadlineMs: 10000
service: { concurrency: 1, queue: 1000, processingMs: 20 }
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
  - { id: grpc, title: gRPC, transport: grpc, interaction: request-reply }
`;

test('with one slot each waits until the one before it is done, and the stages add up to the response', async () => {
  await using trials = await openTrials(SCENARIO);
  for (const pattern of ['rest', 'grpc']) {
    const { trial, raw } = await trials.run({ pattern, kind: 'latency' });
    const { count } = raw.logs.schedule;
    const effects = raw.logs.effects.toSorted((a, b) => a.completedNs - b.completedNs);
    expect(effects.length).toBe(count);
    for (const [i, { arrivedNs, begunNs, completedNs }] of effects.entries()) {
      expect(begunNs).toBeGreaterThanOrEqual(arrivedNs);
      // A hold never ends early, and the slot is free when it has ended.
      expect(completedNs - begunNs).toBeGreaterThanOrEqual(20e6);
      if (i > 0) expect(begunNs).toBeGreaterThanOrEqual(effects[i - 1]!.completedNs);
    }
    const { stages, buckets, excluded, of } = trial.waterfall!;
    expect({ of, excluded }).toEqual({ of: 'response', excluded: 0 });
    // gRPC multiplexes: no connection is waited for.
    expect(stages.includes('pool')).toBe(pattern === 'rest');
    const sumOf = (stage: (typeof stages)[number]) =>
      buckets.reduce((sum, bucket) => sum + bucket[stages.indexOf(stage) + 2]!, 0);
    expect(buckets.reduce((sum, [, n]) => sum + n!, 0)).toBe(count);
    const waited = effects.reduce((sum, { arrivedNs, begunNs }) => sum + begunNs - arrivedNs, 0);
    expect(sumOf('queue')).toBe(waited);
    let responses = 0;
    for (let i = 0; i < count; i++) {
      responses +=
        raw.logs.arrivals.acknowledgedNs[i]! - raw.logs.arrivals.startNs - raw.logs.schedule.intendedNs(i);
    }
    expect(stages.reduce((sum, stage) => sum + sumOf(stage), 0)).toBe(responses);
  }
}, 120_000);
