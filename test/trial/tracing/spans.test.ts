import { describe, expect, test } from 'vitest';
import { spanIdOf, traceIdOf } from '../../../src/kernel/telemetry/trace-context.ts';
import { createArrivals, outcomeCode } from '../../../src/measure/logs/arrivals.ts';
import type { Effect } from '../../../src/measure/logs/effect-log.ts';
import type { HopEvent } from '../../../src/measure/logs/hop-log.ts';
import type { TrialSpec } from '../../../src/plan/spec.ts';
import type { RawTrial } from '../../../src/trial/raw-trial.ts';
import { otlpSpans } from '../../../src/trial/tracing/otlp-spans.ts';
import { spansOf, type TraceSpan } from '../../../src/trial/tracing/spans.ts';
import { otlpTraces } from '../../support/telemetry/otlp-schema.ts';

const SAMPLING = { run: 7, share: 1 };
const TRIAL = 3;

/** Of what a spec holds, that of which spans are made. */
function specOf(more: {
  transport?: string;
  interaction?: string;
  subscribers?: number;
  broker?: object;
  topology?: object;
}) {
  const { transport = 'rest', interaction = 'request-reply', subscribers = 1, topology } = more;
  const definition = { name: transport, ...(more.broker ? { broker: more.broker } : {}) };
  return {
    id: TRIAL,
    seed: 1,
    load: { mix: [{ operation: 'createUser', share: 1 }] },
    system: { pattern: { id: 'one', definition, interaction, subscribers }, topology },
  } as unknown as TrialSpec;
}

interface Seen {
  readonly acknowledgedNs?: number;
  readonly outcome?: 'ok' | 'timeout';
  readonly status?: number;
  readonly effects?: readonly Partial<Effect>[];
  readonly events?: readonly HopEvent[];
}

/** One request, due at 1000 and sent at 1100. */
function logsOf({ acknowledgedNs = NaN, outcome = 'ok', status = 0, effects = [], events = [] }: Seen) {
  const arrivals = createArrivals(1);
  arrivals.startNs = 1000;
  arrivals.dispatchedNs[0] = 1100;
  arrivals.acknowledgedNs[0] = acknowledgedNs;
  arrivals.outcome[0] = outcomeCode(outcome);
  arrivals.status[0] = status;
  const usual = {
    trial: TRIAL,
    stage: 'measured',
    sequence: 0,
    attempt: 1,
    key: 0,
    subscriber: 0,
    arrivedNs: NaN,
    begunNs: NaN,
  } as const;
  return {
    logs: {
      schedule: { count: 1, intendedNs: () => 0 },
      arrivals,
      effects: effects.map((effect) => ({ ...usual, ...effect })),
      hopLog: { events, torn: 0 },
    },
  } as unknown as Pick<RawTrial, 'logs'>;
}

/** Each span by what it is, its parent and its time. */
function drawn(spans: readonly TraceSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const nameOf = ({ service, kind }: TraceSpan) => `${service} ${kind}`;
  return spans.map((span) => {
    const parent = byId.get(span.parentId ?? '');
    const error = span.isError ? ', error' : '';
    return `${parent ? `${nameOf(parent)} → ` : ''}${nameOf(span)}: ${span.startNs}–${span.endNs}${error}`;
  });
}

const message = { stage: 'measured', sequence: 0, operation: 'createUser' } as const;

describe('without a topology', () => {
  test('a reply: the whole from when it was due, the call, and the service from its arrival to its effect', () => {
    const seen = {
      acknowledgedNs: 1900,
      status: 201,
      effects: [{ arrivedNs: 1300, begunNs: 1400, completedNs: 1700 }],
    };
    const spans = spansOf(specOf({}), logsOf(seen), SAMPLING);
    expect(drawn(spans)).toEqual([
      'caller internal: 1000–1900',
      'caller internal → caller client: 1100–1900',
      'caller client → service server: 1300–1700',
    ]);
    expect(spans[1]!.attributes).toMatchObject({
      'http.response.status_code': 201,
      'commbench.outcome': 'ok',
    });
    expect(spans[1]!.spanId).toBe(spanIdOf(traceIdOf(7, TRIAL, 0), 'call'));
  });

  test('over a broker: the confirm ends the call, and each subscriber handles it later', () => {
    const spec = specOf({
      transport: 'kafka',
      interaction: 'publish-subscribe',
      subscribers: 2,
      broker: { name: 'kafka' },
    });
    const effects = [
      { subscriber: 0, arrivedNs: 2000, completedNs: 2100 },
      { subscriber: 1, arrivedNs: 2500, completedNs: 2900 },
    ];
    const spans = spansOf(spec, logsOf({ acknowledgedNs: 1500, effects }), SAMPLING);
    expect(drawn(spans)).toEqual([
      'caller internal: 1000–2900',
      'caller internal → caller producer: 1100–1500',
      'caller producer → service/1 consumer: 2000–2100',
      'caller producer → service/2 consumer: 2500–2900',
    ]);
    expect(spans[2]!.attributes).toMatchObject({
      'messaging.system': 'kafka',
      'messaging.operation.type': 'process',
    });
  });

  test('a call that nobody answered is an error, and lasts as long as anything is known of it', () => {
    const seen = { outcome: 'timeout', acknowledgedNs: 3000 } as const;
    expect(drawn(spansOf(specOf({}), logsOf(seen), SAMPLING))).toEqual([
      'caller internal: 1000–3000, error',
      'caller internal → caller client: 1100–3000, error',
    ]);
  });
});

test('a topology: every attempt over an edge, a retry too, and who handled it', () => {
  const topology = {
    services: [{ id: 'front' }, { id: 'leaf' }],
    edges: [{ id: 'e', from: 0, to: 1, transport: 'grpc', isAnswered: true }],
  };
  const attempt = { type: 'attempt', ...message, edge: 0, parent: 0 } as const;
  const events: HopEvent[] = [
    { type: 'execution', ...message, service: 0, call: 0, attempt: 1, atNs: 1200 },
    { ...attempt, call: 50, attempt: 1, atNs: 1300 },
    { type: 'ended', call: 50, outcome: 'timeout', status: 0, atNs: 1500 },
    { ...attempt, call: 51, attempt: 2, atNs: 1510 },
    { type: 'execution', ...message, service: 1, call: 51, attempt: 2, atNs: 1600 },
    { type: 'ended', call: 51, outcome: 'ok', status: 0, atNs: 1800 },
    // Another request's, and the warm-up's.
    { type: 'execution', ...message, sequence: 9, service: 0, call: 0, attempt: 1, atNs: 1 },
    { type: 'execution', ...message, stage: 'warm-up', service: 0, call: 0, attempt: 1, atNs: 1 },
  ];
  const effects = [
    { subscriber: 1, attempt: 2, completedNs: 1750 },
    { subscriber: 0, attempt: 1, completedNs: 1850 },
  ];
  const spans = spansOf(specOf({ topology }), logsOf({ acknowledgedNs: 1900, events, effects }), SAMPLING);
  expect(drawn(spans)).toEqual([
    'caller internal: 1000–1900',
    'caller internal → caller client: 1100–1900',
    'caller client → front server: 1200–1850',
    'front client → leaf server: 1600–1750',
    'front server → front client: 1300–1500, error',
    'front server → front client: 1510–1800',
  ]);
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
});

test('only sampled requests have spans', () => {
  const seen = { acknowledgedNs: 1900 };
  expect(spansOf(specOf({}), logsOf(seen), { run: 7, share: 1e-9 })).toEqual([]);
});

test('as OTLP: by service, on the wall clock, to the nanosecond', () => {
  const spans = spansOf(
    specOf({}),
    logsOf({ acknowledgedNs: 1900, effects: [{ completedNs: 1700 }] }),
    SAMPLING,
  );
  const { resourceSpans } = otlpTraces.parse(otlpSpans(spans, 1_800_000_000_123_456_789n, '0.1.0'));
  const names = resourceSpans.map(({ resource }) => JSON.stringify(resource.attributes[0]!.value));
  expect(names).toEqual(['{"stringValue":"caller"}', '{"stringValue":"service"}']);
  const [whole, call] = resourceSpans[0]!.scopeSpans[0]!.spans;
  expect(whole).not.toHaveProperty('parentSpanId');
  expect(call).toMatchObject({
    parentSpanId: whole!.spanId,
    kind: 3,
    startTimeUnixNano: '1800000000123457889',
  });
});
