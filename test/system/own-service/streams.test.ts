import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadPackageDefinition, Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { createSchema, createYoga } from 'graphql-yoga';
import { expect, test, vi } from 'vitest';
import type { Trial } from '../../../src/record/record.ts';
import { COMPLETE, nextOf, startGraphqlSocket } from '../../support/graphql/socket.ts';
import { startRun } from '../run.ts';

const ITEMS = 4;
const COUNT = 40;

async function listening(listener: RequestListener) {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const scenario = (fields: string, transport: string) => `name: streams
title: Streams
rounds: 1
warmUp: { calls: 0 }
load: { shape: constant, ratePerS: 40 }
durationMs: 1000
deadlineMs: 5000
patterns:
  - { id: own, title: Own, transport: ${transport}, interaction: server-stream }
targets:
  own:
${fields}`;

const phaseOf = ({ phases: [phase] }: Trial) => phase!;

test('server-sent events: first item, jitter and number of items, and what ends or lacks something fails', async () => {
  const left: number[] = [];
  await using server = await listening((request, response) => {
    const sequence = Number(new URL(request.url!, 'http://x').searchParams.get('n'));
    if (sequence % 10 === 0) return void response.writeHead(503).end('later');
    expect(request.headers.accept).toBe('text/event-stream');
    response.on('close', () => response.writableFinished || left.push(sequence));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    // Every tenth has an item that breaks the rule, and every tenth ends early.
    const items = sequence % 10 === 2 ? ITEMS - 1 : 1000;
    const write = async () => {
      for (let j = 0; j < items && !response.destroyed; j++) {
        const state = sequence % 10 === 1 && j === 2 ? 'bad' : 'good';
        response.write(`: a comment\nid: ${j}\ndata: {"state":\ndata: "${state}"}\n\n`);
        await sleep(1);
      }
      response.end();
    };
    void write();
  });
  const target = `    url: http://127.0.0.1:${server.port}
    path: /events?n={{sequence}}
    success: { equals: { state: good } }
    stream: { items: ${ITEMS}, everyMs: 1 }
`;
  await using run = startRun(scenario(target, 'rest'));
  expect(await run.ended, run.stderr()).toBe(0);
  const phase = phaseOf(run.result().trials[0] as Trial);
  const tenth = COUNT / 10;
  expect(phase.outcomes).toEqual({ ok: 7 * tenth, error: tenth, 'contract-broken': 2 * tenth });
  expect(phase.failures).toEqual({
    'error 503': tenth,
    'contract-broken 200': tenth,
    'contract-broken': tenth,
  });
  const good = 7 * tenth;
  expect([phase.firstItem!.count, phase.itemJitter!.count]).toEqual([good, good * (ITEMS - 1)]);
  // Two items before the one that broke the rule, and one too few where it ended early.
  expect(phase.items).toEqual({
    planned: COUNT * ITEMS,
    received: good * ITEMS + 2 * tenth + (ITEMS - 1) * tenth,
  });
  // Complete streams are left, for they would go on.
  await vi.waitFor(() => expect(left.length).toBe(8 * tenth));
  expect(run.stdout()).toMatch(/Target .* First item .* Items /);
}, 60_000);

test('gRPC server streaming, by operation, and its status ends it', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-streams-'));
  const proto = path.join(folder, 'ticks.proto');
  writeFileSync(
    proto,
    `syntax = "proto3"; package t;
message Asked { int32 n = 1; string of = 2; }
message Tick { int32 j = 1; }
service Ticks { rpc Watch(Asked) returns (stream Tick); rpc Get(Asked) returns (Tick); }`,
  );
  const heard = new Map<number, string>();
  const server = new Server();
  const { t } = loadPackageDefinition(loadSync(proto, { keepCase: true })) as never as {
    t: { Ticks: { service: never } };
  };
  server.addService(t.Ticks.service, {
    Watch(call: ServerWritableStream<{ n: number; of: string }, object>) {
      const { n, of } = call.request;
      heard.set(n, of);
      const items = n % 8 === 0 ? ITEMS + 1 : n % 8 === 1 ? ITEMS - 1 : ITEMS;
      for (let j = 0; j < items; j++) call.write({ j });
      if (n % 8 === 2) call.emit('error', { code: 9, details: 'no more' });
      else call.end();
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const target = `    url: grpc://127.0.0.1:${port}
    proto: ${proto}
    method: t.Ticks/Watch
    stream: { items: ${ITEMS}, ends: true }
    operations:
      one: { share: 3, message: { n: '{{sequence}}', of: one } }
      other: { message: { n: '{{sequence}}', of: other } }
`;
  await using run = startRun(scenario(target, 'grpc'));
  expect(await run.ended, run.stderr()).toBe(0);
  server.forceShutdown();
  rmSync(folder, { recursive: true });
  const [trial] = run.result().trials as [Trial];
  const eighth = COUNT / 8;
  expect(phaseOf(trial).outcomes).toEqual({ ok: 5 * eighth, 'contract-broken': 2 * eighth, error: eighth });
  // No plan of their intervals, no jitter.
  expect([phaseOf(trial).firstItem!.count, phaseOf(trial).itemJitter]).toEqual([5 * eighth, null]);
  const of = (name: string) => [...heard].filter(([, operation]) => operation === name).length;
  expect(trial.operations!.map(({ name, phases: [phase] }) => [name, phase!.planned])).toEqual([
    ['one', of('one')],
    ['other', of('other')],
  ]);
  expect(of('one') + of('other')).toBe(COUNT);
  const [whole, ...parts] = [phaseOf(trial), ...trial.operations!.map(({ phases: [phase] }) => phase!)];
  const received = parts.reduce((sum, { items }) => sum + items!.received, 0);
  expect(whole.items).toEqual({ planned: COUNT * ITEMS, received });
}, 60_000);

test('GraphQL subscriptions over server-sent events', async () => {
  const heard: number[] = [];
  const yoga = createYoga({
    logging: false,
    schema: createSchema({
      typeDefs:
        'type Query { a: Int } type Subscription { ticks(n: Int!): Tick } type Tick { j: Int, state: String }',
      resolvers: {
        Subscription: {
          ticks: {
            async *subscribe(_root: unknown, { n }: { n: number }) {
              heard.push(n);
              for (let j = 0; j < ITEMS; j++) {
                if (n % 4 === 1 && j === 1) throw new Error('out of ticks');
                yield { ticks: { j, state: n % 4 === 2 && j === 2 ? null : 'on' } };
              }
            },
          },
        },
      },
    }),
  });
  await using server = await listening((request, response) => void yoga(request, response));
  const target = `    url: http://127.0.0.1:${server.port}/graphql
    document: 'subscription T($n: Int!) { ticks(n: $n) { j state } }'
    variables: { n: '{{sequence}}' }
    success: { notNull: ticks.state }
    stream: { items: ${ITEMS}, ends: true }
`;
  await using run = startRun(scenario(target, 'graphql'));
  expect(await run.ended, run.stderr()).toBe(0);
  const phase = phaseOf(run.result().trials[0] as Trial);
  expect(heard.toSorted((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, i) => i));
  const quarter = COUNT / 4;
  expect(phase.outcomes).toEqual({ ok: 2 * quarter, error: quarter, 'contract-broken': quarter });
  expect(phase.items).toEqual({
    planned: COUNT * ITEMS,
    received: 2 * quarter * ITEMS + 1 * quarter + 2 * quarter,
  });
}, 60_000);

const next = (ticks: object) => nextOf({ ticks });

test('GraphQL subscriptions over WebSocket: items, errors, ends and lost connections', async () => {
  const all = Array.from({ length: ITEMS }, (_, j) => next({ j, state: 'on' }));
  await using server = await startGraphqlSocket(({ n }) => {
    if (n % 8 === 1) return [{ type: 'error', payload: [{ message: 'out of ticks' }] }];
    if (n % 8 === 2) return [...all.slice(0, 2), next({ j: 2, state: null })];
    if (n % 8 === 3) return [...all.slice(1), COMPLETE];
    if (n === 20) return [{ drop: true }];
    return [...all, COMPLETE];
  });
  process.env['COMMBENCH_TEST_TOKEN'] = 'of-the-environment';
  const target = `    url: ws://127.0.0.1:${server.port}/graphql
    document: 'subscription T($n: Int!) { ticks(n: $n) { j state } }'
    variables: { n: '{{sequence}}' }
    headers: { x-tenant: ours }
    connectionParams: { token: '{{env COMMBENCH_TEST_TOKEN}}' }
    success: { notNull: ticks.state }
    stream: { items: ${ITEMS}, ends: true }
`;
  await using run = startRun(scenario(target, 'graphql'));
  expect(await run.ended, run.stderr()).toBe(0);
  const { heard, connections, logins, headers } = server.seen;
  expect(heard.toSorted((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, i) => i));
  expect(phaseOf(run.result().trials[0] as Trial).outcomes).toEqual({
    ok: COUNT - 3 * (COUNT / 8) - 1,
    error: COUNT / 8,
    'contract-broken': 2 * (COUNT / 8),
    'connection-lost': 1,
  });
  expect([connections, [...logins], [...headers]]).toEqual([2, ['of-the-environment'], ['ours']]);
  expect(run.stdout() + JSON.stringify(run.json())).not.toContain('of-the-environment');
}, 60_000);
