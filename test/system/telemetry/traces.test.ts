import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type OtlpSpan, otlpTraces } from '../../support/telemetry/otlp-schema.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { startRun } from '../run.ts';

const SMALL = `
name: traced
title: Traced requests
rounds: 1
noop: false
warmUp: { calls: 20, probeMs: 0 }
contract: users
deadlineMs: 5000
load: { shape: constant, ratePerS: 50 }
durationMs: 600
`;

interface OwnedSpan extends OtlpSpan {
  readonly service: string;
}

/** Checked as a receiver would, and more. */
function spansIn(text: string): OwnedSpan[] {
  const requests = text
    .trimEnd()
    .split('\n')
    .map((line) => otlpTraces.parse(JSON.parse(line)));
  return requests.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ resource, scopeSpans }) => {
      const name = resource.attributes.find(({ key }) => key === 'service.name')!;
      const service = String(Object.values(name.value)[0]);
      return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })));
    }),
  );
}

function valueOf({ attributes }: OtlpSpan, name: string): unknown {
  return Object.values(attributes.find(({ key }) => key === name)?.value ?? {})[0];
}

test('every traced request is a trace across its hops, whose spans lie within each other', async () => {
  using place = temporaryFolder();
  const file = path.join(place.path, 'spans.json');
  const scenario = `${SMALL}
patterns: [{ id: rest, title: REST, transport: rest, interaction: request-reply }]
mix: [{ operation: createUser, share: 1 }]
services: [{ id: front }, { id: leaf }]
edges: [{ from: front, to: leaf, transport: grpc }]
`;
  await using run = startRun(scenario, ['--trace-out', file, '--trace-sample', '1', '--quiet']);
  expect(await run.ended, run.stderr()).toBe(0);
  expect(run.result().options).toMatchObject({ traceSample: 1 });
  const traces = Map.groupBy(spansIn(readFileSync(file, 'utf8')), ({ traceId }) => traceId);
  expect(traces.size).toBe(30);
  for (const spans of traces.values()) {
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    expect(byId.size).toBe(spans.length);
    const chain = spans.map(
      (span) => `${byId.get(span.parentSpanId ?? '')?.service ?? ''} → ${span.service} ${span.kind}`,
    );
    // The whole, the caller's call, front, its call, leaf.
    expect(chain.toSorted()).toEqual([
      ' → caller 1',
      'caller → caller 3',
      'caller → front 2',
      'front → front 3',
      'front → leaf 2',
    ]);
    for (const span of spans) {
      const [from, to] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)];
      expect(from <= to).toBe(true);
      const parent = byId.get(span.parentSpanId ?? '');
      // Handlers write their effects before they answer: no child ends after its parent.
      if (!parent) continue;
      expect(BigInt(parent.startTimeUnixNano) <= from).toBe(true);
      expect(BigInt(parent.endTimeUnixNano) >= to).toBe(true);
    }
    const edge = spans.find(({ service, kind }) => service === 'front' && kind === 3)!;
    expect([valueOf(edge, 'rpc.system.name'), valueOf(edge, 'commbench.outcome')]).toEqual(['grpc', 'ok']);
  }
  const nowMs = Date.now();
  const startMs = Number(BigInt([...traces.values()][0]![0]!.startTimeUnixNano) / 1_000_000n);
  expect(Math.abs(nowMs - startMs)).toBeLessThan(120_000);
});

test('a target gets the trace context of the span that calls it, and a collector gets the spans', async () => {
  const contexts: (string | undefined)[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.url === '/v1/traces') bodies.push(body);
      else contexts.push(request.headers['traceparent'] as string | undefined);
      response.end('{}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const scenario = `${SMALL}
patterns: [{ id: http, title: HTTP, transport: rest, interaction: request-reply }]
targets: { http: { url: '${url}/orders', method: GET } }
`;
  await using run = startRun(scenario, [
    '--trace-out',
    `${url}/v1/traces`,
    '--trace-sample',
    '0.5',
    '--quiet',
  ]);
  expect(await run.ended, run.stderr()).toBe(0);
  server.close();
  const calls = bodies.flatMap(spansIn).filter(({ kind }) => kind === 3);
  const sent = calls.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`);
  // Of a load of 30; the warm-up has none.
  expect(sent.length).toBeGreaterThan(3);
  expect(sent.length).toBeLessThan(27);
  expect(contexts.filter((context) => context !== undefined).toSorted()).toEqual(sent.toSorted());
  expect(contexts.length).toBeGreaterThanOrEqual(50);
});
