import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import type { Trial } from '../../../src/record/record.ts';
import { startRun } from '../run.ts';

const RATE = 200;
const SECONDS = 2;
const COUNT = RATE * SECONDS;

/** A shop that remembers who created each order, and fails some requests by their arrival. */
async function startShop() {
  const requests: { readonly sequence: number; readonly what: string }[] = [];
  const creators = new Map<string, number>();
  /** Reads of an order that another arrival created, or nobody. */
  const foreign: string[] = [];
  const server = createServer((request, response) => {
    const sequence = Number(request.headers['x-sequence']);
    const { method, url = '' } = request;
    requests.push({ sequence, what: `${method} ${url.replace(/[0-9a-f-]{36}/, 'ID').replace(/\d+$/, 'N')}` });
    const answer = (status: number, body: object, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    request.resume().on('end', () => {
      if (method === 'POST') {
        if (sequence % 7 === 0) return answer(500, { error: 'no disk' });
        const id = randomUUID();
        creators.set(id, sequence);
        const headers = { Location: `/orders/${id}/state` };
        return answer(201, { data: { id }, state: sequence % 11 === 0 ? 'lost' : 'open' }, headers);
      }
      const [, id = ''] = /^\/orders\/([0-9a-f-]{36})/.exec(url) ?? [];
      if (id !== '' && creators.get(id) !== sequence) foreign.push(`${sequence} ${url}`);
      if (id !== '' && !url.endsWith('/state') && sequence % 5 === 0) return answer(404, { error: 'gone' });
      return answer(200, { state: 'open' });
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, requests, creators, foreign, [Symbol.asyncDispose]: stop };
}

const SCENARIO = (url: string) => `name: shop
title: A shop
rounds: 1
warmUp: { calls: 0 }
load: { shape: constant, ratePerS: ${RATE} }
durationMs: ${SECONDS * 1000}
deadlineMs: 5000
patterns:
  - { id: shop, title: Shop, transport: rest, interaction: request-reply }
targets:
  shop:
    url: ${url}
    headers: { x-sequence: '{{sequence}}' }
    operations:
      read: { share: 50%, path: '/items/{{random 1 9}}' }
      write: { share: 20%, path: /orders, body: { n: '{{sequence}}' }, success: { status: 201, equals: { state: open } } }
    flows:
      create-then-read:
        share: 30%
        steps:
          - path: /orders
            body: { n: '{{sequence}}' }
            take: { orderId: data.id, place: { header: Location } }
          - { name: read, path: '/orders/{{orderId}}' }
          - { path: '{{place}}', success: { equals: { state: open } } }
thresholds:
  - 'read: failures < 1%'
  - 'create-then-read/read: failures < 1%'
  - 'shop/create-then-read: failures > 1%'
`;

/** Share of the arrivals before each operation, in hundredths; written once more, not imported. */
function expectedAt(sequence: number): string {
  // The first round of the seed that the run is given.
  const seed = Math.floor(draw(1, 'trial', 1) * 0xffffffff);
  const hundredths = draw(seed, 'operation', sequence) * 100;
  return hundredths < 50 ? 'read' : hundredths < 70 ? 'write' : 'create-then-read';
}

const partsOf = ({ operations = [] }: Trial) =>
  Object.fromEntries(
    operations.map(({ name, phases: [phase] }) => [
      name,
      {
        planned: phase!.planned,
        ok: phase!.outcomes.ok ?? 0,
        failures: phase!.failures,
        statuses: phase!.statuses ?? {},
      },
    ]),
  );

test('operations come by the draw, a flow hands on what it was answered, and each has its own figures', async () => {
  await using shop = await startShop();
  await using run = startRun(SCENARIO(shop.url));
  expect(await run.ended, run.stderr()).toBe(5);

  const sequences = Array.from({ length: COUNT }, (_, i) => i);
  const of = (name: string) => sequences.filter((i) => expectedAt(i) === name);
  const came = (sequence: number) =>
    shop.requests.filter((request) => request.sequence === sequence).map(({ what }) => what);
  for (const sequence of sequences) {
    const steps = ['POST /orders', 'GET /orders/ID', 'GET /orders/ID/state'];
    const done = sequence % 7 === 0 ? 1 : sequence % 5 === 0 ? 2 : 3;
    const expected = {
      read: ['GET /items/N'],
      write: ['POST /orders'],
      'create-then-read': steps.slice(0, done),
    }[expectedAt(sequence)];
    expect(came(sequence), `arrival ${sequence}`).toEqual(expected);
  }
  expect(shop.foreign).toEqual([]);

  const [trial] = run.result().trials as [Trial];
  // A failure is named by its step.
  expect(trial.failureTexts).toContainEqual({
    end: 'error 404',
    texts: [expect.stringMatching(/^create-then-read\/read: HTTP 404/)],
  });
  const [reads, writes, flows] = ['read', 'write', 'create-then-read'].map(of) as [
    number[],
    number[],
    number[],
  ];
  const count = (all: readonly number[], is: (i: number) => boolean) => all.filter(is).length;
  const noDisk = (i: number) => i % 7 === 0;
  const gone = (i: number) => !noDisk(i) && i % 5 === 0;
  const lost = (i: number) => !noDisk(i) && i % 11 === 0;
  const parts = partsOf(trial);
  expect(Object.keys(parts)).toEqual([
    'read',
    'write',
    'create-then-read',
    'create-then-read/1',
    'create-then-read/read',
    'create-then-read/3',
  ]);
  expect(parts['read']).toEqual({
    planned: reads.length,
    ok: reads.length,
    failures: {},
    statuses: { 200: reads.length },
  });
  const written = writes.length - count(writes, noDisk) - count(writes, lost);
  expect(parts['write']).toEqual({
    planned: writes.length,
    ok: written,
    failures: { 'error 500': count(writes, noDisk), 'contract-broken 201': count(writes, lost) },
    statuses: { 201: written },
  });
  const [failedFirst, failedSecond] = [count(flows, noDisk), count(flows, gone)];
  const through = flows.length - failedFirst - failedSecond;
  expect(parts['create-then-read']).toEqual({
    planned: flows.length,
    ok: through,
    failures: { 'error 500': failedFirst, 'error 404': failedSecond },
    statuses: { 200: through },
  });
  expect(parts['create-then-read/1']).toMatchObject({
    planned: flows.length,
    ok: flows.length - failedFirst,
    failures: { 'error 500': failedFirst },
  });
  expect(parts['create-then-read/read']).toMatchObject({
    planned: flows.length - failedFirst,
    ok: through,
    failures: { 'error 404': failedSecond },
  });
  expect(parts['create-then-read/3']).toMatchObject({ planned: through, ok: through, failures: {} });
  expect(trial.phases[0]!.planned).toBe(COUNT);

  // A step takes no longer than its flow, and the flow counts from when it was due.
  const longestUs = (name: string) =>
    Math.max(
      ...trial.operations!.find((one) => one.name === name)!.phases[0]!.response.intervalMaximaUs.map(Number),
    );
  expect(longestUs('create-then-read/3')).toBeLessThanOrEqual(longestUs('create-then-read'));

  const out = run.stdout();
  for (const name of Object.keys(parts)) expect(out).toContain(name);
  expect(out).toMatch(/✗ Shop target: create-then-read\/read: failures < 1%/);
  expect(out).toMatch(/error 404/);
}, 60_000);
