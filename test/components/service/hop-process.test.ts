import { nowNs } from '../../../src/kernel/clock.ts';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { definition as poison } from '../../../src/faults/poison.ts';
import { struck } from '../../../src/faults/struck.ts';
import type { Address, Connection, SendResult } from '../../../src/kernel/transport.ts';
import { type HopEvent, readHopLog } from '../../../src/measure/logs/hop-log.ts';
import { mostAttempts, policySpecSchema } from '../../../src/policies/policies.ts';
import type { HopConfig } from '../../../src/plan/service-config.ts';
import { createCallNumbers } from '../../../src/components/service/hop-process.ts';
import { loadTransportDefinition } from '../../../src/transports/discover.ts';
import { createUser } from '../../support/messages.ts';
import { openServiceTestbed, type ServiceTestbed } from '../../support/service-bench.ts';
import { USUAL_OPTIONS } from '../../support/usual-options.ts';

const SEED = 11;
const STRUCK = { id: 'err', do: 'error', options: {}, from: 0, to: 100_000, fromMs: 0, toMs: 1e9 };

async function openTestbed(): Promise<ServiceTestbed> {
  const definition = await loadTransportDefinition('rest');
  return openServiceTestbed({
    name: 'rest',
    definition,
    interaction: 'request-reply',
    brokerUrl: undefined,
    missing: undefined,
  });
}

async function connect(address: Address, transport = 'rest'): Promise<Connection> {
  const definition = await loadTransportDefinition(transport);
  const options = definition.options.parse({});
  return (await definition.parts.connect())(address, { options, interaction: 'request-reply' });
}

function logOf({ folder }: ServiceTestbed, service: number): string {
  return path.join(folder, `hops-${service}.ndjson`);
}

function hopOf(testbed: ServiceTestbed, service: number, more: Partial<HopConfig> = {}): HopConfig {
  const base = {
    service,
    seed: SEED,
    hopLogPath: logOf(testbed, service),
    loadStartNs: 0,
    idempotent: false,
    deadlineMs: 1000,
  };
  return { ...base, edges: [], faults: [], listens: [], ...more };
}

function edgeTo(
  address: Address,
  {
    index = 0,
    transport = 'rest',
    policies = [] as readonly { policy: string; [option: string]: unknown }[],
  },
): HopConfig['edges'][number] {
  const specs = policies.map((spec) => policySpecSchema.parse(spec));
  return {
    index,
    id: `edge-${index}`,
    operations: null,
    transport,
    interaction: 'request-reply',
    options: USUAL_OPTIONS[transport],
    address,
    patience: 'refuse',
    policies: specs,
    switches: [],
    mostAttempts: mostAttempts(specs),
  };
}

/** Services 0 → 1 → 2, each edge under the same policies. */
async function startChain(
  testbed: ServiceTestbed,
  policies: readonly { policy: string; [option: string]: unknown }[],
  faultsOfLeaf: HopConfig['faults'] = [],
) {
  const leaf = await testbed.start(
    { name: 'leaf', subscriber: 2, hop: hopOf(testbed, 2, { faults: faultsOfLeaf }) },
    undefined,
  );
  const toLeaf = [edgeTo(leaf.address, { index: 1, policies })];
  const middle = await testbed.start(
    { name: 'middle', subscriber: 1, hop: hopOf(testbed, 1, { edges: toLeaf }) },
    undefined,
  );
  const toMiddle = [edgeTo(middle.address, { index: 0, policies })];
  return testbed.start(
    { name: 'root', subscriber: 0, hop: hopOf(testbed, 0, { edges: toMiddle }) },
    undefined,
  );
}

/** Of one service, by type. */
function readEvents(testbed: ServiceTestbed, service: number) {
  const { events, torn } = readHopLog(logOf(testbed, service));
  expect(torn).toBe(0);
  return <T extends HopEvent['type']>(type: T) =>
    events.filter((event): event is Extract<HopEvent, { type: T }> => event.type === type);
}

/** Waits until a service has begun so many messages; the test's own bound ends it. */
async function begun(testbed: ServiceTestbed, service: number, count: number): Promise<void> {
  const file = logOf(testbed, service);
  const isSo = () =>
    existsSync(file) && readHopLog(file).events.filter(({ type }) => type === 'execution').length >= count;
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** So many at once that neither slots nor queues are full. */
async function sendAll(connection: Connection, count: number): Promise<SendResult[]> {
  const results: SendResult[] = [];
  for (let from = 0; from < count; from += 50) {
    const batch = Array.from({ length: Math.min(50, count - from) }, (_, i) => createUser(from + i));
    results.push(...(await Promise.all(batch.map((message) => connection.send(message)))));
  }
  return results;
}

describe('a chain of service processes', () => {
  it('does one call in each of them, and each says who asked whom', async () => {
    await using testbed = await openTestbed();
    const root = await startChain(testbed, []);
    await using connection = await connect(root.address);
    expect(await connection.send(createUser(5))).toMatchObject({ kind: 'reply', body: { status: 'ACTIVE' } });
    const effects = await testbed.holds(3);
    // The leaf is done first, as everybody else waits for it.
    expect(effects.map(({ sequence, subscriber }) => [sequence, subscriber])).toEqual([
      [5, 2],
      [5, 1],
      [5, 0],
    ]);
    const [ofRoot, ofMiddle, ofLeaf] = [0, 1, 2].map((service) => readEvents(testbed, service));
    const message = { stage: 'measured', sequence: 5, operation: 'createUser' };
    expect(ofRoot!('execution')).toMatchObject([{ ...message, service: 0, call: 0, attempt: 1 }]);
    const [first] = ofRoot!('attempt');
    const [second] = ofMiddle!('attempt');
    expect(first).toMatchObject({ ...message, edge: 0, parent: 0, attempt: 1 });
    expect(ofMiddle!('execution')).toMatchObject([{ ...message, service: 1, call: first!.call }]);
    expect(second).toMatchObject({ ...message, edge: 1, parent: first!.call, attempt: 1 });
    expect(ofLeaf!('execution')).toMatchObject([{ ...message, service: 2, call: second!.call }]);
    expect(ofLeaf!('attempt')).toEqual([]);
    for (const of of [ofRoot!, ofMiddle!]) {
      expect(of('ended')).toMatchObject([{ outcome: 'ok' }]);
      expect(of('call')).toMatchObject([{ ...message, outcome: 'ok', attempts: 1, fallback: false }]);
    }
  });

  it('with 3 attempts on each edge and a leaf that always fails: 9 at the leaf, 3 in the middle', async () => {
    await using testbed = await openTestbed();
    const retry = [{ policy: 'retry', attempts: 3, backOff: 'none' }];
    const root = await startChain(testbed, retry, [STRUCK]);
    await using connection = await connect(root.address);
    const count = 20;
    for (const result of await sendAll(connection, count)) {
      // All of them promised that nothing happened, so this holds for the whole.
      expect(result).toMatchObject({ kind: 'failure', outcome: 'error', status: 500, noEffect: true });
    }
    const [ofRoot, ofMiddle, ofLeaf] = [0, 1, 2].map((service) => readEvents(testbed, service));
    expect(ofRoot!('execution')).toHaveLength(count);
    expect(ofRoot!('attempt')).toHaveLength(3 * count);
    expect(ofMiddle!('attempt')).toHaveLength(9 * count);
    expect(ofLeaf!('execution')).toHaveLength(9 * count);
    expect(ofLeaf!('injected')).toHaveLength(9 * count);
    // Seen by the callers of the leaf, and not told again further up.
    expect(ofMiddle!('ended').filter(({ fault }) => fault === 'err')).toHaveLength(9 * count);
    expect(ofRoot!('ended').filter(({ fault }) => fault !== undefined)).toEqual([]);
    const attempts = ofLeaf!('execution').map(({ sequence, attempt }) => `${sequence} ${attempt}`);
    expect(new Set(attempts).size).toBe(9 * count);
    const calls = [...ofRoot!('attempt'), ...ofMiddle!('attempt')].map(({ call }) => call);
    expect(new Set(calls).size).toBe(12 * count);
    expect(testbed.effects()).toEqual([]);
  });
});

describe('faults of messages', () => {
  it.each(['grpc', 'graphql', 'rest'])('strike exactly the planned ones over %s', async (transport) => {
    await using testbed = await openTestbed();
    const options = { share: 0.1 };
    const struckByNumber = { id: 'err', do: 'poison', options, from: 100, to: 500, fromMs: 0, toMs: 0 };
    const leaf = await testbed.start(
      {
        name: 'leaf',
        transport,
        options: USUAL_OPTIONS[transport],
        subscriber: 1,
        hop: hopOf(testbed, 1, { faults: [struckByNumber] }),
      },
      undefined,
    );
    const root = await testbed.start(
      { name: 'root', hop: hopOf(testbed, 0, { edges: [edgeTo(leaf.address, { transport })] }) },
      undefined,
    );
    await using connection = await connect(root.address);
    const results = await sendAll(connection, 600);

    const rule = poison.options.parse(options) as never;
    const planned = Array.from({ length: 400 }, (_, i) => 100 + i).filter((sequence) => {
      const message = struck({ seed: SEED, fault: 'err' }, { sequence, attempt: 1, begun: 0 });
      return poison.strike(message, rule) !== undefined;
    });
    expect(planned.length).toBeGreaterThan(20);
    const injected = readEvents(testbed, 1)('injected').map(({ sequence }) => sequence);
    expect(injected.toSorted((a, b) => a - b)).toEqual(planned);
    const ofRoot = readEvents(testbed, 0);
    const seen = new Set(ofRoot('ended').flatMap(({ call, fault }) => (fault === 'err' ? [call] : [])));
    const observed = ofRoot('attempt').flatMap(({ call, sequence }) => (seen.has(call) ? [sequence] : []));
    expect(observed.toSorted((a, b) => a - b)).toEqual(planned);
    expect(results.flatMap(({ kind }, sequence) => (kind === 'failure' ? [sequence] : []))).toEqual(planned);
    await testbed.holds(2 * (600 - planned.length));
  });
});

describe('a service that ends itself before the acknowledgement', () => {
  it('has done the planned message and written so; of it alone nobody hears', async () => {
    await using testbed = await openTestbed();
    const faults = [
      { id: 'end', do: 'end-before-ack', options: { after: 3 }, from: 0, to: 100, fromMs: 0, toMs: 1e9 },
    ];
    const service = await testbed.start({ name: 'leaf', hop: hopOf(testbed, 0, { faults }) }, undefined);
    await using connection = await connect(service.address);
    for (const sequence of [0, 1]) {
      expect(await connection.send(createUser(sequence))).toMatchObject({ kind: 'reply' });
    }
    expect(await connection.send(createUser(2))).toMatchObject({
      outcome: 'connection-lost',
      noEffect: false,
    });
    await service.faultTarget.ended();
    expect((await testbed.holds(3)).map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
    expect(readEvents(testbed, 0)('injected')).toMatchObject([{ fault: 'end', sequence: 2, attempt: 1 }]);
  });
});

describe('a service with several ways to it', () => {
  it('serves them all with one set of slots and users', async () => {
    await using testbed = await openTestbed();
    const faults = [{ id: 'stuck', do: 'hang', options: {}, from: 0, to: 0, fromMs: 0, toMs: 1e9 }];
    const listens = ['grpc', 'graphql'].map((transport) => ({
      transport,
      interaction: 'request-reply' as const,
      options: USUAL_OPTIONS[transport],
      isBrokers: false,
      address: null,
    }));
    const service = await testbed.start(
      {
        name: 'leaf',
        concurrency: 1,
        queue: 0,
        hop: hopOf(testbed, 0, { faults, listens, loadStartNs: null }),
      },
      undefined,
    );
    await using rest = await connect(service.address);
    await using grpc = await connect(service.endpoints[1]!, 'grpc');
    await using graphql = await connect(service.endpoints[2]!, 'graphql');
    const ways = [rest, grpc, graphql];
    for (const [sequence, way] of ways.entries()) {
      expect(await way.send(createUser(sequence))).toMatchObject({ kind: 'reply' });
    }
    await service.expectLoad(nowNs());
    const giveUp = new AbortController();
    const stuck = rest.send(createUser(7), { signal: giveUp.signal });
    await begun(testbed, 0, 4);
    for (const way of ways) {
      expect(await way.send(createUser(8))).toMatchObject({ outcome: 'error', answered: 'overloaded' });
    }
    giveUp.abort();
    expect(await stuck).toMatchObject({ outcome: 'timeout' });
    expect((await testbed.holds(3)).map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
  });
});

describe('numbers of calls', () => {
  it('are whole, and of different services and processes never the same', () => {
    const first = [0, 1, 15].flatMap((service) =>
      [1, 2, 4_194_303].map((pid) => createCallNumbers(service, pid)()),
    );
    expect(new Set(first).size).toBe(9);
    expect(first.every((call) => Number.isSafeInteger(call) && call > 0)).toBe(true);
    const next = createCallNumbers(15, 4_194_303);
    expect([next(), next()].map((call) => call - first.at(-1)!)).toEqual([0, 1]);
  });
});
