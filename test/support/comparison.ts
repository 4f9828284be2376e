import type { ComplexityItem } from '../../src/kernel/complexity.ts';
import type { Phase } from '../../src/measure/figures/figures.ts';
import type { Cost, PatternRecord, Result, Trial, WireBytesPerCall } from '../../src/record/record.ts';
import { type Scenario, scenarioSchema } from '../../src/scenario/schema/schema.ts';
import {
  EMPTY_SERIES,
  ledgerOf,
  phaseOf,
  QUEUE,
  REST,
  resultOf,
  seriesOf,
  type Shape,
  trialOf,
} from './result.ts';

/** Five patterns with every kind of trial that a comparison has, made up from a formula. */

type Id = 'rest' | 'grpc' | 'graphql' | 'queue' | 'events';

interface Traits {
  readonly wait: Shape;
  readonly done: Shape;
  readonly busyTimes: number;
  readonly loose: boolean;
  readonly cost: Cost;
  readonly wire: WireBytesPerCall;
}

function costOf(callerUs: number, serviceUs: number, brokerUs: number | null): Cost {
  const broker = brokerUs === null ? null : 4e8;
  return {
    callerUs,
    serviceUs,
    brokerUs,
    callerPeakBytes: 9.1e7,
    servicePeakBytes: 7.2e7,
    brokerPeakBytes: broker,
  };
}

function wireOf(sent: number, received: number, service: readonly [number, number] | null): WireBytesPerCall {
  return {
    calls: 400,
    callerSent: sent,
    callerReceived: received,
    serviceSent: service && service[0],
    serviceReceived: service && service[1],
  };
}

const TRAITS: Readonly<Record<Id, Traits>> = {
  rest: {
    wait: { leastMs: 0.6, tailMs: 0.3 },
    done: { leastMs: 0.4, tailMs: 0.25 },
    busyTimes: 1.4,
    loose: false,
    cost: costOf(191, 88, null),
    wire: wireOf(312, 288, null),
  },
  grpc: {
    wait: { leastMs: 0.8, tailMs: 0.4 },
    done: { leastMs: 0.55, tailMs: 0.3 },
    busyTimes: 1.5,
    loose: false,
    cost: costOf(245, 160, null),
    wire: wireOf(180, 120, null),
  },
  graphql: {
    wait: { leastMs: 0.9, tailMs: 0.4 },
    done: { leastMs: 0.58, tailMs: 0.35 },
    busyTimes: 1.9,
    loose: false,
    cost: costOf(196, 240, null),
    wire: wireOf(498, 301, null),
  },
  queue: {
    wait: { leastMs: 0.9, tailMs: 0.5 },
    done: { leastMs: 1.1, tailMs: 0.6 },
    busyTimes: 1.8,
    loose: true,
    cost: costOf(140, 120, 310),
    wire: wireOf(420, 60, [40, 390]),
  },
  events: {
    wait: { leastMs: 2.6, tailMs: 0.9 },
    done: { leastMs: 3.4, tailMs: 1.6 },
    busyTimes: 3.4,
    loose: true,
    cost: costOf(180, 260, 420),
    wire: wireOf(350, 110, [220, 760]),
  },
};
const IDS = Object.keys(TRAITS) as Id[];

const item = (category: ComplexityItem['category']) => (what: string) => ({ category, what });
const artefact = item('artefact');

const RABBITMQ_LIST = [
  ...['broker', 'its name server (epmd)'].map(item('process')),
  ...['connection and channel', 'unconfirmed publishes', 'redeliveries'].map(item('state')),
  ...['durable queue', 'persistent message', 'confirms', 'acknowledged by hand'].map(item('setting')),
  ...['queue and its arguments', 'format of the message'].map(artefact),
];
const KAFKA_LIST = [
  item('process')('broker with its controller'),
  ...['leader and metadata', 'rebalancing', 'offset against position'].map(item('state')),
  ...['acks', 'replicas in sync', 'retention', 'sends awaited'].map(item('setting')),
  ...['topic and its partitions', 'key of the record', 'format of the record'].map(artefact),
];

const PATTERNS: readonly PatternRecord[] = [
  {
    ...REST,
    complexity: [item('state')('connection closed under way'), artefact('routes')],
    adapterLines: 412,
  },
  {
    ...REST,
    id: 'grpc',
    title: 'gRPC',
    transport: 'grpc',
    client: '@grpc/grpc-js 1.14.7',
    complexity: [
      ...['channel states', 'calls share a connection'].map(item('state')),
      ...['.proto file', 'stubs'].map(artefact),
    ],
    adapterLines: 380,
  },
  {
    ...REST,
    id: 'graphql',
    title: 'GraphQL',
    transport: 'graphql',
    client: 'undici 8.12.4',
    complexity: [
      ...['connection closed under way', 'errors inside a 200'].map(item('state')),
      ...['schema', 'query documents', 'limits'].map(artefact),
    ],
    adapterLines: 365,
  },
  { ...QUEUE, broker: 'rabbitmq', complexity: RABBITMQ_LIST, adapterLines: 590 },
  {
    ...QUEUE,
    id: 'events',
    title: 'Event-driven',
    transport: 'kafka',
    interaction: 'publish-subscribe',
    subscribers: 2,
    broker: 'apache-kafka',
    client: 'kafkajs 2.2.4',
    complexity: KAFKA_LIST,
    adapterLines: 640,
    guarantee: { ...QUEUE.guarantee, label: 'at-least-once, not synced to disk', order: 'per key' },
  },
];

/** The guides' words, as the shipped scenario has them. */
const CLAIMED = {
  rest: { useCase: 'CRUD operations', latency: 'medium', complexity: 'low', coupling: 'tight' },
  grpc: { useCase: 'high-performance APIs', latency: 'low', complexity: 'medium', coupling: 'tight' },
  graphql: { useCase: 'flexible queries', latency: 'medium', complexity: 'medium', coupling: 'tight' },
  queue: { useCase: 'asynchronous processing', latency: 'high', complexity: 'medium', coupling: 'loose' },
  events: { useCase: 'real-time updates', latency: 'variable', complexity: 'high', coupling: 'loose' },
} as const;

export function comparisonScenario(more: Partial<Scenario> = {}): Scenario {
  return scenarioSchema.parse({
    name: 'pattern-comparison',
    title: 'One command, CreateUser, over five patterns, beside what the guides say of them',
    reference: 'rest',
    patterns: PATTERNS.map(({ id, title, transport, interaction, subscribers }) => ({
      id,
      title,
      transport,
      interaction,
      subscribers,
      claimed: CLAIMED[id as Id],
    })),
    serviceOutage: { atMs: 2000, recoveryMs: 4000 },
    brokerOutage: { atMs: 2000, recoveryMs: 4000 },
    idleBusy: {},
    wireBytes: {},
    ...more,
  });
}

/** Every round is a little slower or faster than the last, all patterns together. */
function drifted({ leastMs, tailMs }: Shape, round: number): Shape {
  const times = 1 + 0.04 * ((round * 3) % 5);
  return { leastMs: leastMs * times, tailMs: tailMs * times };
}

function firstDone(id: Id, count: number, seed: number, fromNs = 0): Pick<Phase, 'firstCompletion'> {
  const { leastMs, tailMs } = TRAITS[id].done;
  const first = { leastMs: leastMs * 0.9, tailMs: tailMs * 0.6 };
  return { firstCompletion: id === 'events' ? seriesOf(count, first, seed, fromNs) : null };
}

function ledgersOf(id: Id, count: number, more: Parameters<typeof ledgerOf>[1] = {}) {
  const subscribers = id === 'events' ? [0, 1] : [0];
  return subscribers.map((subscriber) => ledgerOf(count, { subscriber, ...more }));
}

export function comparisonLatency(id: number, pattern: Id, round: number, more: Partial<Trial> = {}): Trial {
  const { wait, done, cost } = TRAITS[pattern];
  const phase = phaseOf(600, drifted(wait, round), drifted(done, round), id * 10);
  return trialOf({
    id,
    pattern,
    round,
    phases: [{ ...phase, ...firstDone(pattern, 600, id * 10 + 7) }],
    ledgers: ledgersOf(pattern, 600),
    cost,
    ...more,
  });
}

function idleTrial(id: number, pattern: Id): Trial {
  const { wait, done, busyTimes, cost } = TRAITS[pattern];
  const busy = { leastMs: done.leastMs * busyTimes, tailMs: done.tailMs * busyTimes };
  const perS = pattern === 'grpc' ? 2500 : 5000;
  const notes = [`busy: ${perS}/s, ${Math.round(perS / 62)} % of its capacity of 6200/s`];
  const phases = [1, 2, 3, 4].flatMap((block) => {
    const seed = id * 100 + block * 10;
    const fromNs = (block - 1) * 5e9;
    const busyNs = fromNs + 3e9;
    return [
      phaseOf(30, wait, done, seed, { name: `idle-${block}`, fromNs, completion: spread(30, done, seed) }),
      phaseOf(400, wait, busy, seed + 5, {
        name: `busy-${block}`,
        fromNs: busyNs,
        toNs: busyNs + 400e9 / perS,
      }),
    ];
  });
  return trialOf({
    id,
    pattern,
    round: 6,
    kind: 'idle-busy',
    phases,
    notes,
    cost,
    ledgers: ledgersOf(pattern, 1720),
  });
}

/** As few arrivals as an idle block has, over all of its 100 ms intervals. */
function spread(count: number, shape: Shape, seed: number) {
  return seriesOf(count, shape, seed, 0, 5e7);
}

function countTrial(id: number, pattern: Id): Trial {
  const { wait, done, wire, cost } = TRAITS[pattern];
  const phases = [phaseOf(400, wait, done, id * 10)];
  return trialOf({
    id,
    pattern,
    round: 6,
    kind: 'wire-bytes',
    phases,
    wire,
    cost,
    ledgers: ledgersOf(pattern, 400),
  });
}

/** 2 s baseline, 4 s without the service or the broker, 4 s recovery at 200/s. */
export function faultTrial(
  id: number,
  pattern: Id,
  kind: 'service-outage' | 'broker-outage',
  more: Partial<Trial> = {},
): Trial {
  const { wait, done, loose, cost } = TRAITS[pattern];
  const isLoose = kind === 'service-outage' && loose;
  const count = 800;
  const gone: Partial<Phase> = isLoose
    ? { doneInTime: 0, completion: seriesOf(count, { leastMs: 90, tailMs: 1400 }, id, 2e9) }
    : {
        outcomes: { refused: count },
        failures: { 'refused ECONNREFUSED': count },
        correct: 0,
        done: 0,
        doneInTime: 0,
        serviceTime: EMPTY_SERIES,
        response: EMPTY_SERIES,
        completion: EMPTY_SERIES,
        failedAfter: { refused: seriesOf(count, { leastMs: 0.2, tailMs: 0.1 }, id, 2e9) },
      };
  const refused = { done0: count, done1: 0, doneMore: 0, deadLettered: 0 };
  return trialOf({
    id,
    pattern,
    round: 6,
    kind,
    cost,
    phases: [
      phaseOf(400, wait, done, id * 10),
      phaseOf(count, wait, done, id * 10 + 4, { name: 'outage', fromNs: 2e9, ...gone }),
      phaseOf(800, wait, done, id * 10 + 8, { name: 'recovery', fromNs: 6e9 }),
    ],
    ledgers: isLoose ? ledgersOf(pattern, 2000) : ledgersOf(pattern, 1200, { refused }),
    coupling: {
      intended: count,
      served: isLoose ? count : 0,
      finallyDone: isLoose ? count : 0,
      verdict: isLoose ? 'loose' : 'tight',
    },
    faults: [
      {
        id: 'kill',
        planned: null,
        injected: null,
        observed: null,
        do: 'kill',
        on: kind === 'service-outage' ? 'service' : 'broker',
        plannedAtNs: 2e9,
        plannedForNs: 4e9,
        injectedNs: 2.0004e9,
        observedNs: 2.002e9,
        liftedNs: 6.001e9,
        readyNs: 6.21e9,
      },
    ],
    load: { verdict: 'faulted', detail: `kill of the ${kind === 'service-outage' ? 'service' : 'broker'}` },
    ...more,
  });
}

/** All five patterns, every kind of trial. */
export function comparisonResult(rounds = 5): Result {
  const trials: Trial[] = [];
  const add = (make: (id: number) => Trial) => trials.push(make(trials.length + 1));
  for (let round = 1; round <= rounds; round++) {
    for (const pattern of IDS) add((id) => comparisonLatency(id, pattern, round));
  }
  for (const pattern of IDS) {
    add((id) => idleTrial(id, pattern));
    add((id) => countTrial(id, pattern));
    add((id) => faultTrial(id, pattern, 'service-outage'));
  }
  add((id) => faultTrial(id, 'queue', 'broker-outage'));
  add((id) => faultTrial(id, 'events', 'broker-outage'));
  return comparisonOf(trials, { scenario: comparisonScenario({ rounds }) });
}

export function comparisonOf(trials: readonly Trial[], more: Partial<Result> = {}): Result {
  const result = resultOf(PATTERNS, trials, { scenario: comparisonScenario(), ...more });
  const kafka = { ...result.brokers[0]!, name: 'apache-kafka', version: '4.3.1', warmed: '20,000 messages' };
  return { ...result, brokers: [...result.brokers, kafka] };
}

/** REST and gRPC with small and large payloads: REST is sooner with small ones, gRPC with large ones. */
export function variantsResult(rounds = 5): Result {
  const scenario = scenarioSchema.parse({
    name: 'payload-size',
    title: 'From 100 B to 1 MB, and where the order of the patterns changes',
    reference: 'rest',
    rounds,
    noop: false,
    patterns: comparisonScenario()
      .patterns.slice(0, 2)
      .map((pattern) => ({ ...pattern, claimed: null })),
    variants: [
      { id: 'b100', title: '100 B', contract: 'echo-100' },
      { id: 'kb10', title: '10 kB', contract: 'echo-10000' },
      { id: 'mb1', title: '1 MB', contract: 'echo-1000000', load: { shape: 'constant', ratePerS: 20 } },
    ],
  });
  const shapes: Readonly<Record<string, readonly [rest: Shape, grpc: Shape]>> = {
    b100: [TRAITS.rest.done, TRAITS.grpc.done],
    kb10: [TRAITS.grpc.done, TRAITS.grpc.done],
    mb1: [
      { leastMs: 9, tailMs: 3 },
      { leastMs: 5, tailMs: 2 },
    ],
  };
  const trials: Trial[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const [variant, both] of Object.entries(shapes)) {
      for (const [i, pattern] of (['rest', 'grpc'] as const).entries()) {
        const id = trials.length + 1;
        const shape = drifted(both[i]!, round);
        trials.push(trialOf({ id, pattern, variant, round, phases: [phaseOf(600, shape, shape, id * 10)] }));
      }
    }
  }
  return resultOf(PATTERNS.slice(0, 2), trials, { scenario });
}
