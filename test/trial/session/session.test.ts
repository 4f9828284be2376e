import { expect, it, test } from 'vitest';
import { nowNs } from '../../../src/kernel/clock.ts';
import type { GeneratorOrder } from '../../../src/plan/generator-plan.ts';
import type { ServiceTimeline } from '../../../src/plan/service-config.ts';
import type { TrialSpec } from '../../../src/plan/spec.ts';
import type { Drive } from '../../../src/trial/drive-parts.ts';
import { openSession } from '../../../src/trial/session/session.ts';

const SERVICES = [
  { id: 'shop', errorShare: 0 },
  { id: 'payments', errorShare: 0.1 },
];
const EDGE = {
  id: 'pay',
  from: 0,
  to: 1,
  operations: null,
  isAnswered: true,
  transport: 'rest',
  interaction: 'request-reply',
};
const BREAKER = [{ policy: 'circuit-breaker' }];

/** A session whose orders are kept, and whose processes follow every signal at once. */
function sit() {
  const spec = {
    id: 1,
    kind: 'fault',
    seed: 1,
    faults: [],
    system: {
      pattern: {
        interaction: 'request-reply',
        subscribers: 1,
        definition: {},
        edgeTransports: new Map([['rest', {}]]),
      },
      topology: { services: SERVICES, edges: [EDGE], proxied: [], stacks: { breaker: BREAKER } },
    },
    load: {
      shape: { shape: 'constant', ratePerS: 100 },
      durationMs: 60_000,
      mostArrivals: 60_000,
      phases: [],
    },
  } as unknown as TrialSpec;
  const orders: GeneratorOrder[] = [];
  const followed: [string, ServiceTimeline][] = [];
  const seen = (at?: { atNs: number }) => ({
    sentNs: at?.atNs ?? 0,
    seenNs: at?.atNs ?? 0,
    wasStopped: true,
  });
  const component = (name: string) => ({
    name,
    kind: 'service',
    async follow(timeline: ServiceTimeline) {
      followed.push([name, timeline]);
    },
  });
  const target = (name: string) => ({
    name,
    pids: [],
    signal: async (_signal: string, at?: { atNs: number }) => seen(at),
    ended: async () => nowNs(),
    restart: async () => undefined,
  });
  const over = new AbortController();
  const names = SERVICES.map(({ id }) => id);
  const session = openSession(spec, 1);
  const d = {
    spec: session.spec,
    components: names.map(component),
    targets: new Map(names.map((name) => [name, target(name)])),
    generator: { order: (order: GeneratorOrder) => void orders.push(order), programs: [] },
    signal: over.signal,
  } as unknown as Drive;
  const startNs = nowNs() - 1e9;
  const ran = session.run(d, startNs);
  const on = (name: string, part: string, options: object = {}) =>
    session.begin({ do: name, on: part, options: options as Record<string, unknown> });
  return { session, ran, orders, followed, on };
}

it('plays what was asked for: each fault with its instant and its length, in the order in which they began', async () => {
  const { session, ran, orders, followed, on } = sit();
  on('latency', 'payments', { ms: 5, share: 1 });
  on('policies', 'pay', { use: ['breaker'] });
  on('load', '', { factor: 2 });
  on('load', '', { factor: 3 });
  session.lift(session.acts[0]!);
  on('latency', 'payments', { ms: 7, share: 1 });
  session.end();
  expect(await ran).toEqual([null, null, null, null, null]);
  const { faults, load, kind } = session.played();
  expect(kind).toBe('fault');
  expect(faults.map(({ id }) => id)).toEqual(['latency', 'policies', 'load', 'load-2', 'latency-2']);
  const [first, , spike, more, second] = faults as [...typeof faults] & { length: 5 };
  expect(first!.atMs).toBeGreaterThanOrEqual(1100);
  expect(spike!.atMs + spike!.forMs).toBe(more!.atMs);
  for (const { atMs, forMs } of [faults[1]!, more!, second!]) expect(atMs + forMs).toBe(load.durationMs);
  expect(orders.at(-1)).toEqual({ type: 'steer', load: load.shape, durationMs: load.durationMs });
  const [, last] = followed.findLast(([name]) => name === 'payments')!;
  // What fails on any day goes on.
  expect(last.faults.map(({ id, toMs }) => [id, toMs])).toEqual([
    ['latency', first!.atMs + first!.forMs],
    ['latency-2', load.durationMs],
    ['EVERYDAY', 1e12],
  ]);
  const [, callers] = followed.findLast(([name]) => name === 'shop')!;
  expect(callers.switches['pay']).toMatchObject([
    { id: 'policies', policies: BREAKER, toMs: load.durationMs },
  ]);
});

it('lifts a process fault that lasts at the end, with a record of what was observed', async () => {
  const { session, ran, on } = sit();
  on('freeze', 'payments');
  session.end();
  const [record] = await ran;
  const [fault] = session.played().faults;
  expect(record).toMatchObject({
    do: 'freeze',
    plannedAtNs: fault!.atMs * 1e6,
    plannedForNs: fault!.forMs * 1e6,
    observedNs: fault!.atMs * 1e6,
    readyNs: (fault!.atMs + fault!.forMs) * 1e6,
  });
});

it('a session without a fault is no trial of faults', async () => {
  const { session, ran } = sit();
  session.end();
  await ran;
  expect(session.played()).toMatchObject({ kind: 'latency', faults: [] });
});

test.each([
  ['a part that is not there', ['kill', 'paymnts'], 'There is no paymnts. Did you mean payments?'],
  ['a part that is down', ['freeze', 'payments'], 'payments is killed: heal it first'],
  ['what it has already', ['kill', 'payments'], 'payments is killed already'],
  ['an edge without a proxy', ['refuse', 'pay'], /needs a proxy on the edge/],
  ['arrivals chosen beforehand', ['poison', 'payments'], /chosen beforehand/],
  ['too much load', ['load', '', { factor: 11 }], 'The load can be multiplied by 10 at most'],
] as const)('refuses %s in one sentence', async (_what, [name, target, options], message) => {
  const { session, on } = sit();
  on('kill', 'payments');
  expect(() => on(name, target, options)).toThrow(message);
  expect(session.acts).toHaveLength(1);
  session.end();
  expect(() => on('kill', 'shop')).toThrow('The session has ended');
});

it('a part that starts again is left alone until it has: its settings are read then', async () => {
  const { session, on } = sit();
  on('kill', 'payments');
  on('error', 'payments', { share: 1, status: 'internal' });
  session.lift(session.acts[0]!);
  expect(() => session.lift(session.acts[1]!)).toThrow('payments is coming back: a moment');
  expect(() => on('latency', 'payments', { ms: 5 })).toThrow('payments is coming back: heal it first');
  session.end();
});
