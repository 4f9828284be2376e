import { draw } from '../../src/kernel/random.ts';
import { SeriesBuilder } from '../../src/measure/figures/histogram.ts';
import type { Ledger, Phase, Series } from '../../src/measure/figures/figures.ts';
import type { PatternRecord, Result, Trial } from '../../src/record/record.ts';
import { scenarioSchema } from '../../src/scenario/schema/schema.ts';

/**
 * A result as a run writes it, made up from a formula: real histograms, the same on every machine.
 * Latencies are a no-op baseline plus an exponential tail, drawn by hash.
 */
export interface Shape {
  readonly leastMs: number;
  readonly tailMs: number;
}

export function seriesOf(count: number, shape: Shape, seed: number, fromNs = 0, everyNs = 5e6): Series {
  const builder = new SeriesBuilder(fromNs);
  for (let i = 0; i < count; i++) {
    const ms = shape.leastMs - shape.tailMs * Math.log(1 - draw(seed, 'latency', i));
    builder.record(Math.round(ms * 1e6), fromNs + i * everyNs);
  }
  return builder.build();
}

export const EMPTY_SERIES = seriesOf(0, { leastMs: 0, tailMs: 0 }, 0);
const LAG: Shape = { leastMs: 0.02, tailMs: 0.02 };

/** A phase in which everything is answered and done. */
export function phaseOf(
  count: number,
  wait: Shape,
  done: Shape,
  seed: number,
  more: Partial<Phase> = {},
): Phase {
  const fromNs = more.fromNs ?? 0;
  return {
    name: 'baseline',
    fromNs,
    toNs: fromNs + count * 5e6,
    planned: count,
    outcomes: { ok: count },
    failures: {},
    firstCompletion: null,
    firstItem: null,
    itemJitter: null,
    correct: count,
    unconfirmed: 0,
    done: count,
    doneInTime: count,
    dispatchLag: seriesOf(count, LAG, seed + 1, fromNs),
    serviceTime: seriesOf(count, wait, seed + 2, fromNs),
    response: seriesOf(count, wait, seed + 2, fromNs),
    connectionWait: null,
    completion: seriesOf(count, done, seed + 3, fromNs),
    failedAfter: {},
    ...more,
  };
}

/** The same, with this share of the calls dispatched 100 ms late. */
export function lateIn(phases: Trial['phases'], share: number): Trial['phases'] {
  return phases.map((phase) => {
    const lag = new SeriesBuilder(phase.fromNs);
    const everyNs = (phase.toNs - phase.fromNs) / phase.planned;
    for (let i = 0; i < phase.planned; i++) {
      const isLate = Math.floor((i + 1) * share) > Math.floor(i * share);
      lag.record(isLate ? 100e6 : 10e3, phase.fromNs + i * everyNs);
    }
    return { ...phase, dispatchLag: lag.build() };
  });
}

export function ledgerOf(accepted: number, more: Partial<Ledger> = {}): Ledger {
  const none = { done0: 0, done1: 0, doneMore: 0, deadLettered: 0 };
  return {
    subscriber: 0,
    accepted: { ...none, done1: accepted },
    refused: none,
    unknown: none,
    lost: 0,
    late: 0,
    phantom: 0,
    duplicates: 0,
    outOfOrder: 0,
    examples: {},
    ...more,
  };
}

export function trialOf(more: Partial<Trial> & Pick<Trial, 'id' | 'pattern'>): Trial {
  const planned = (more.phases ?? []).reduce((n, phase) => n + phase.planned, 0);
  return {
    round: 1,
    variant: null,
    case: null,
    hops: null,
    waterfall: null,
    wire: null,
    failureTexts: [],
    kind: 'latency',
    state: 'done',
    failure: null,
    notes: [],
    startedAt: '2026-11-02T10:00:00.000Z',
    wallMs: 5000,
    planned,
    evidence: 'effect-log',
    phases: [],
    ledgers: [ledgerOf(planned)],
    coupling: null,
    faults: [],
    contractChange: null,
    validity: { verdict: 'valid', causes: [], boundQuantiles: [] },
    backlogGrowth: null,
    load: { verdict: 'sustained', detail: 'all in time' },
    cost: {
      callerUs: 191,
      serviceUs: 88,
      brokerUs: null,
      callerPeakBytes: 9e7,
      servicePeakBytes: 7e7,
      brokerPeakBytes: null,
    },
    capacity: { acknowledgedPerS: 6200, donePerS: 6200 },
    warmUp: { calls: 3000, steadyStateCalls: 0, isSteady: true, windowP50Ns: [700_000, 690_000] },
    pacing: 'thread',
    maxConcurrent: 3,
    drainMs: 4,
    machine: { steal: 0.001, others: 0.02, busy: 0.2 },
    generator: { loopDelayP99Ns: 1e6, loopDelayMaxNs: 4e6, gcCount: 4, gcTotalNs: 4e6, gcMaxNs: 2e6 },
    ...more,
  };
}

/** Fields that the patterns have in common. */
const USUAL = {
  patience: null,
  subscribers: 1,
  complexity: null,
  adapterLines: null,
  broker: null,
  certificates: null,
  target: null,
  completion: null,
  state: 'run' as const,
  reason: null,
  hint: null,
};

export const REST: PatternRecord = {
  id: 'rest',
  title: 'REST',
  transport: 'rest',
  interaction: 'request-reply',
  ...USUAL,
  guarantee: {
    label: 'at-most-once, nothing durable',
    acknowledgedBy: 'the service, by its reply after the effect is done',
    durableAgainst: 'nothing: a request dies with the service or its connection',
    delivery: 'at-most-once',
    order: 'none between requests',
  },
  fairness: { protocol: 'HTTP/1.1', encoding: 'JSON', connections: 'up to 64, kept alive' },
  client: 'undici 8.12.4',
};

export const QUEUE: PatternRecord = {
  id: 'queue',
  title: 'Message queue',
  transport: 'rabbitmq',
  interaction: 'work-queue',
  ...USUAL,
  guarantee: {
    label: 'at-least-once, survives consumer and broker restart',
    acknowledgedBy: 'the broker, by its confirm of a persistent message',
    durableAgainst: 'restart of consumer and broker',
    delivery: 'at-least-once',
    order: 'per queue, until a redelivery',
  },
  fairness: { protocol: 'AMQP 0-9-1', encoding: 'JSON', prefetch: '10' },
  client: 'amqplib 2.3.1',
};

/** The pattern REST with a server of the user's own in place of ours. */
export const TARGET: PatternRecord = {
  ...REST,
  title: 'REST target',
  target: 'http://127.0.0.1:8080/users',
  guarantee: {
    label: 'unknown: a target of your own',
    acknowledgedBy: 'the target',
    durableAgainst: 'unknown: a target of your own',
    delivery: 'unknown',
    order: 'unknown: a target of your own',
  },
  fairness: { requests: 'GET /users', protocol: 'HTTP/1.1', connections: 'up to 64' },
};

const QUEUE_COST = {
  callerUs: 140,
  serviceUs: 120,
  brokerUs: 310,
  callerPeakBytes: 9e7,
  servicePeakBytes: 7e7,
  brokerPeakBytes: 1.2e8,
};
const WAIT = { rest: { leastMs: 0.6, tailMs: 0.3 }, queue: { leastMs: 0.9, tailMs: 0.5 } };
const DONE = { rest: { leastMs: 0.4, tailMs: 0.25 }, queue: { leastMs: 1.1, tailMs: 0.6 } };
type Id = 'rest' | 'queue';

export function latencyTrial(id: number, pattern: Id, round: number, more: Partial<Trial> = {}): Trial {
  const cost =
    pattern === 'queue' ? { cost: QUEUE_COST, capacity: { acknowledgedPerS: 5200, donePerS: 4100 } } : {};
  return trialOf({
    id,
    pattern,
    round,
    phases: [phaseOf(600, WAIT[pattern], DONE[pattern], id * 10)],
    ...cost,
    ...more,
  });
}

/** 18 of 600 calls of REST fail without a fault; the work of 8 of these is done all the same. */
export function failingTrial(evidence: Trial['evidence'], id = 1, round = 1): Trial {
  const [wait, work] = [WAIT.rest, DONE.rest];
  const done = evidence === 'none' ? 0 : 590;
  const phase = phaseOf(600, wait, work, id * 10, {
    outcomes: { ok: 582, error: 16, timeout: 2 },
    failures: { timeout: 2, 'error 500': 16 },
    correct: 582,
    done,
    doneInTime: done,
    response: seriesOf(582, wait, id * 10 + 2),
    serviceTime: seriesOf(582, wait, id * 10 + 2),
    completion: seriesOf(done, work, id * 10 + 3),
    failedAfter: { error: seriesOf(16, wait, id), timeout: seriesOf(2, { leastMs: 1000, tailMs: 1 }, id) },
  });
  return latencyTrial(id, 'rest', round, {
    evidence,
    phases: [phase],
    ...(evidence === 'none' ? { ledgers: [], maxConcurrent: 0 } : {}),
  });
}

export function baselineTrial(id: number, pattern: Id): Trial {
  const noop = { leastMs: WAIT[pattern].leastMs - 0.2, tailMs: 0.1 };
  return trialOf({ id, pattern, round: 0, kind: 'no-op', phases: [phaseOf(400, noop, noop, id * 10)] });
}

/** 3 s baseline, 4 s without the service, 5 s recovery at 200/s. */
export function outageTrial(id: number, pattern: Id, more: Partial<Trial> = {}): Trial {
  const loose = pattern === 'queue';
  const refused = 800;
  const gone: Partial<Phase> = loose
    ? { doneInTime: 0, completion: seriesOf(refused, { leastMs: 90, tailMs: 1400 }, id, 3e9) }
    : {
        outcomes: { refused },
        failures: { 'refused ECONNREFUSED': refused },
        correct: 0,
        done: 0,
        doneInTime: 0,
        serviceTime: EMPTY_SERIES,
        response: EMPTY_SERIES,
        completion: EMPTY_SERIES,
        failedAfter: { refused: seriesOf(refused, { leastMs: 0.2, tailMs: 0.1 }, id, 3e9) },
      };
  const accepted = loose ? 2400 : 1600;
  return trialOf({
    id,
    pattern,
    round: 6,
    kind: 'service-outage',
    phases: [
      phaseOf(600, WAIT[pattern], DONE[pattern], id * 10),
      phaseOf(800, WAIT[pattern], DONE[pattern], id * 10 + 4, { name: 'outage', fromNs: 3e9, ...gone }),
      phaseOf(1000, WAIT[pattern], DONE[pattern], id * 10 + 8, { name: 'recovery', fromNs: 7e9 }),
    ],
    ledgers: [
      ledgerOf(
        accepted,
        loose ? {} : { refused: { done0: refused, done1: 0, doneMore: 0, deadLettered: 0 } },
      ),
    ],
    coupling: {
      intended: 800,
      served: loose ? 800 : 0,
      finallyDone: loose ? 800 : 0,
      verdict: loose ? 'loose' : 'tight',
    },
    faults: [
      {
        id: 'kill',
        planned: null,
        injected: null,
        observed: null,
        do: 'kill',
        on: 'service',
        plannedAtNs: 3e9,
        plannedForNs: 4e9,
        injectedNs: 3.0004e9,
        observedNs: 3.002e9,
        liftedNs: 7.001e9,
        readyNs: 7.21e9,
      },
    ],
    load: { verdict: 'faulted', detail: 'kill of the service' },
    ...(loose ? { cost: QUEUE_COST } : {}),
    ...more,
  });
}

/** Every trial of two patterns, five rounds, an outage and the floors. */
export function completeResult(): Result {
  const trials: Trial[] = [baselineTrial(1, 'rest'), baselineTrial(2, 'queue')];
  for (let round = 1; round <= 5; round++) {
    trials.push(
      latencyTrial(trials.length + 1, 'rest', round),
      latencyTrial(trials.length + 2, 'queue', round),
    );
  }
  trials.push(outageTrial(13, 'queue'), outageTrial(14, 'rest'));
  return resultOf([REST, QUEUE], trials);
}

export function resultOf(
  patterns: readonly PatternRecord[],
  trials: readonly Trial[],
  more: Partial<Result> = {},
): Result {
  const scenario = scenarioSchema.parse({
    name: 'rest-vs-queue',
    title: 'REST against a RabbitMQ work queue, the service killed once in each',
    patterns: patterns.map(({ id, title, transport, interaction }) => ({
      id,
      title,
      transport,
      interaction,
    })),
    serviceOutage: {},
  });
  return {
    format: 'commbench-result',
    version: 2,
    experiment: 'run',
    commbench: '0.1.0',
    startedAt: '2026-11-02T10:00:00.000Z',
    finishedAt: '2026-11-02T10:02:00.000Z',
    state: 'complete',
    scenario,
    seed: 42,
    options: {},
    design: {
      order: trials.map(({ id, round, pattern, variant, kind, case: of }) => ({
        id,
        round,
        pattern,
        variant,
        kind,
        case: of,
      })),
      calibration: null,
    },
    environment: {
      commbench: '0.1.0',
      os: 'Debian GNU/Linux 12 (bookworm)',
      kernel: 'Linux 6.1.0',
      arch: 'x64',
      cpu: 'Example CPU',
      cores: 4,
      coresUsable: 4,
      memoryBytes: 16 * 2 ** 30,
      governor: null,
      virtual: true,
      container: false,
      node: '26.10.0',
    },
    brokers: patterns.some((p) => p.transport === 'rabbitmq' && p.state === 'run')
      ? [
          {
            name: 'rabbitmq',
            source: 'package-cache',
            version: '3.10.8',
            url: 'amqp://127.0.0.1:40001',
            warmed: '2,000 messages',
          },
        ]
      : [],
    patterns: [...patterns],
    trials: [...trials],
    ...more,
  };
}
