import { describe, expect, it } from 'vitest';
import { nowNs } from '../../src/kernel/clock.ts';
import type { SendResult } from '../../src/kernel/transport.ts';
import { type OpenLoop, runOpenLoop } from '../../src/generator/open-loop.ts';
import { isOver, type Pace } from '../../src/generator/pacing/pace.ts';
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

describe('a load that is steered', () => {
  const RATE = 1000;
  const ofSteps = (...steps: [number, number][]) =>
    ({ shape: 'steps', steps: steps.map(([ratePerS, forMs]) => ({ ratePerS, forMs })) }) as const;

  /** Starts arrivals one after the other, and changes the load before the one named. */
  async function steered(changes: Readonly<Record<number, ReturnType<typeof createSchedule>>>, most = 1000) {
    let follow: ((schedule: ReturnType<typeof createSchedule>) => void) | undefined;
    const instants: number[] = [];
    const pace: Pace = async (load) => {
      for (let i = 0; !isOver(load, i); i++) {
        instants.push(load.instantsNs[i]!);
        load.fire(i);
        const change = changes[i];
        if (!change) continue;
        follow!(change);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const startNs = nowNs();
    const schedule = createSchedule({ shape: 'constant', ratePerS: RATE }, 100, 0);
    const steering = { most, begin: (listener: NonNullable<typeof follow>) => void (follow = listener) };
    const { run, sent } = setUp(REPLY_OF, { startNs, schedule, steering, pace });
    const arrivals = await run();
    return { arrivals, sent, offsets: instants.map((ns) => Math.round(ns - startNs)) };
  }

  it('sends exactly the arrivals of the last schedule, each at its instant, and none of the others', async () => {
    const faster = createSchedule(ofSteps([RATE, 20], [3 * RATE, 80]), 100, 0);
    const ended = createSchedule(ofSteps([RATE, 20], [3 * RATE, 40]), 60, 0);
    const { arrivals, sent, offsets } = await steered({ 10: faster, 40: ended });
    expect(ended.count).toBe(20 + 3 * 40);
    expect(arrivals.count).toBe(ended.count);
    expect(sent.map(({ envelope }) => envelope.sequence)).toEqual(
      Array.from({ length: ended.count }, (_, i) => i),
    );
    expect(offsets).toEqual(Array.from({ length: ended.count }, (_, i) => ended.intendedNs(i)));
  });

  it('is refused where an arrival of before would have come at another instant, or there are too many', async () => {
    await expect(
      steered({ 30: createSchedule(ofSteps([RATE, 20], [3 * RATE, 80]), 100, 0) }),
    ).rejects.toThrow(/too late/);
    await expect(
      steered({ 5: createSchedule(ofSteps([RATE, 20], [90 * RATE, 80]), 100, 0) }),
    ).rejects.toThrow(/bound/);
    await expect(
      steered({ 50: createSchedule({ shape: 'constant', ratePerS: RATE }, 40, 0) }),
    ).rejects.toThrow(/too late/);
  });
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
