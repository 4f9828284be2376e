import { describe, expect, it } from 'vitest';
import { nowNs } from '../../src/kernel/clock.ts';
import type { SendResult } from '../../src/kernel/transport.ts';
import { type OpenLoop, runOpenLoop } from '../../src/generator/open-loop.ts';
import type { Pace } from '../../src/generator/pacing/pace.ts';
import { outcomeAt } from '../../src/measure/logs/arrivals.ts';
import { createSchedule, shardOf } from '../../src/measure/schedule.ts';
import { echoMessages, REPLY_OF, scriptedCall } from './load-bench.ts';

/** Starts all at once: what is tested here is what becomes of arrivals, not when they start. */
const atOnce: Pace = async (load) => {
  for (let i = 0; i < load.instantsNs.length; i++) load.fire(i);
};

function setUp(answer: Parameters<typeof scriptedCall>[0], changes: Partial<OpenLoop> = {}) {
  const { call, sent } = scriptedCall(answer);
  const load: OpenLoop = {
    stage: 'measured',
    schedule: createSchedule({ shape: 'constant', ratePerS: 1000 }, 20, 0),
    shard: { index: 0, count: 1 },
    startNs: nowNs(),
    messages: echoMessages(),
    send: call,
    pace: atOnce,
    deadlineMs: 30,
    drainMs: 2000,
    ...changes,
  };
  return { sent, run: () => runOpenLoop(load) };
}

async function outcomes(answer: Parameters<typeof scriptedCall>[0], changes: Partial<OpenLoop> = {}) {
  const arrivals = await setUp(answer, changes).run();
  return { arrivals, outcomes: Array.from({ length: arrivals.count }, (_, i) => outcomeAt(arrivals, i)) };
}

const failure = (outcome: 'error' | 'refused', noEffect: boolean, status: number): SendResult => ({
  kind: 'failure',
  outcome,
  noEffect,
  status,
  detail: '',
  waitedNs: 42,
});

describe('every arrival ends with one outcome', () => {
  it('ok for a reply that holds the contract and for a broker’s confirm', async () => {
    const found = await outcomes((m) =>
      m.envelope.sequence % 2 ? REPLY_OF(m) : { kind: 'ack', waitedNs: 7 },
    );
    expect(new Set(found.outcomes)).toEqual(new Set(['ok']));
    expect(found.arrivals.sentNs[0]).toBe(found.arrivals.dispatchedNs[0]! + 7);
    expect(found.arrivals.sentNs[1]).toBeNaN();
    expect(found.arrivals.acknowledgedNs.every((ns) => ns > 0)).toBe(true);
  });

  it('contract-broken for a reply that breaks it', async () => {
    const found = await outcomes(() => ({ kind: 'reply', body: { payload: 'something else' } }));
    expect(new Set(found.outcomes)).toEqual(new Set(['contract-broken']));
  });

  it('what the transport said for a failure, with its status and its promise', async () => {
    const { arrivals, outcomes: found } = await outcomes((m) =>
      m.envelope.sequence === 3 ? failure('refused', true, 0) : failure('error', false, 500),
    );
    expect([found[2], found[3]]).toEqual(['error', 'refused']);
    expect([arrivals.noEffect[2], arrivals.noEffect[3]]).toEqual([0, 1]);
    expect([arrivals.status[2], arrivals.status[3]]).toEqual([500, 0]);
    expect(arrivals.sentNs[2]).toBe(arrivals.dispatchedNs[2]! + 42);
  });

  it('timeout where the deadline passes, and never before it', async () => {
    const { arrivals, outcomes: found } = await outcomes((m) =>
      m.envelope.sequence < 5 ? 'hang' : REPLY_OF(m),
    );
    expect(found.slice(0, 6)).toEqual(['timeout', 'timeout', 'timeout', 'timeout', 'timeout', 'ok']);
    for (let i = 0; i < 5; i++) {
      expect(arrivals.acknowledgedNs[i]! - arrivals.startNs).toBeGreaterThanOrEqual(i * 1e6 + 30e6);
    }
  });

  it('unfinished where nothing came by the end of the drain', async () => {
    const { arrivals, outcomes: found } = await outcomes(
      (m) => (m.envelope.sequence === 9 ? 'deaf' : REPLY_OF(m)),
      {
        drainMs: 50,
      },
    );
    expect(found.filter((o) => o !== 'ok')).toEqual(['unfinished']);
    expect(arrivals.acknowledgedNs[9]).toBeNaN();
    expect(arrivals.dispatchedNs[9]).toBeGreaterThan(0);
  });

  it('unsent only where it was never dispatched', async () => {
    const half: Pace = async (load) => {
      for (let i = 0; i < 10; i++) load.fire(i);
    };
    const { arrivals, outcomes: found } = await outcomes(REPLY_OF, { pace: half });
    expect(found.map((o) => o === 'unsent')).toEqual(found.map((_, i) => i >= 10));
    expect(arrivals.dispatchedNs.every((ns, i) => Number.isNaN(ns) === i >= 10)).toBe(true);
  });
});

it('a slow reply delays no later arrival', async () => {
  const { sent, run } = setUp(() => 'hang');
  const running = run();
  await Promise.resolve();
  expect(sent).toHaveLength(20);
  await running;
});

it('messages carry stage, trial, deadline and the number in the whole schedule', async () => {
  const shard = { index: 1, count: 3 };
  const whole = createSchedule({ shape: 'constant', ratePerS: 1000 }, 20, 0);
  const startNs = nowNs();
  const { sent, run } = setUp(REPLY_OF, { shard, schedule: shardOf(whole, shard), startNs });
  await run();
  expect(sent.map((m) => m.envelope.sequence)).toEqual([1, 4, 7, 10, 13, 16, 19]);
  for (const { envelope } of sent) {
    expect(envelope).toMatchObject({ trial: 3, stage: 'measured', attempt: 1 });
    expect(envelope.deadlineNs).toBe(startNs + whole.intendedNs(envelope.sequence) + 30e6);
  }
});

it('a load without arrivals is over at once', async () => {
  const { run } = setUp(REPLY_OF, { schedule: { count: 0, intendedNs: () => NaN } });
  expect((await run()).count).toBe(0);
});
