import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePorts } from '../../src/platform/net/ports.ts';
import { type CertificateFiles, type Certificates, makeCertificates } from '../support/tls/certificates.ts';
import { outcomesOf } from './own-service.ts';
import { startCli, startRun } from './run.ts';

const EXAMPLE = fileURLToPath(new URL('../../scenarios/examples/own-service/tls.yaml', import.meta.url));
const SECRET = 'only-the-environment-has-this';
process.env['COMMBENCH_TEST_TOKEN'] = SECRET;

let made: Certificates;
beforeAll(async () => {
  made = await makeCertificates();
  process.env['CERT'] = made.server.cert;
  process.env['KEY'] = made.server.key;
});
afterAll(() => made[Symbol.dispose]());

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
async function portOf(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
const secure = ({ cert, key }: CertificateFiles, answer: RequestListener) =>
  portOf(createServer({ cert: readFileSync(cert), key: readFileSync(key) }, answer));

/** @param target its fields, as YAML */
function scenario(target: readonly string[]): string {
  return [
    'name: own\ntitle: T\nrounds: 1\nnoop: false\ndurationMs: 500\nwarmUp: { calls: 20, probeMs: 0 }',
    'patterns:\n  - { id: own, title: T, transport: rest, interaction: request-reply }',
    'load: { shape: constant, ratePerS: 100 }',
    `targets:\n  own:\n${target.map((field) => `    ${field}\n`).join('')}`,
  ].join('\n');
}

test('the example runs over HTTPS and gRPC with TLS, its certificates from the environment', async () => {
  const [https, rpc] = (await freePorts(2)) as [number, number];
  const own = [
    `targets.https.url=https://localhost:${https}/orders`,
    `targets.https.command=[${process.execPath}, server.js, "${https}"]`,
    `targets.rpc.url=grpcs://localhost:${rpc}`,
    `targets.rpc.command=[${process.execPath}, grpc-server.js, "${rpc}"]`,
    // The authority of the tests has signed it; that of the example is the certificate itself.
    `targets.https.tls.ca=${made.ca}`,
    `targets.rpc.tls.ca=${made.ca}`,
    'rounds=1',
    'noop=false',
    'warmUp.calls=40',
    'warmUp.probeMs=0',
    'durationMs=600',
  ];
  await using run = startCli((_, out) => {
    return ['run', EXAMPLE, '--full', '--out', out, ...own.flatMap((value) => ['--set', value])];
  });
  expect(await run.ended, run.stderr()).toBe(0);
  const { trials, patterns } = run.result();
  expect(trials.map((trial) => outcomesOf(trial))).toEqual([
    [{ planned: 120, ok: 120 }],
    [{ planned: 120, ok: 120 }],
  ]);
  expect(patterns.map(({ certificates }) => certificates)).toEqual(['verified', 'verified']);
}, 120_000);

test('credentials of the environment reach the server, and nothing else', async () => {
  const heard = new Set<string | undefined>();
  const port = await secure(made.server, ({ headers }, response) => {
    heard.add(headers.authorization);
    response.end();
  });
  const target = [
    `url: https://localhost:${port}/`,
    'tls: { insecure: true }',
    "headers: { authorization: 'Bearer {{env COMMBENCH_TEST_TOKEN}}' }",
  ];
  await using run = startRun(scenario(target));
  await run.saw(/warm-up|measur/);
  expect(run.find(new RegExp(SECRET))).toEqual([]);
  expect(await run.ended, run.stderr()).toBe(0);
  expect([...heard]).toEqual([`Bearer ${SECRET}`]);
  const printed = run.stdout() + run.stderr();
  expect(printed + JSON.stringify(run.json())).not.toContain(SECRET);
  expect(printed).toMatch(/certificates not verified/);
  expect(run.result().patterns[0]!.certificates).toBe('not-verified');
}, 60_000);

test('an expired certificate fails the trial by its name', async () => {
  const port = await secure(made.expired, (_request, response) => void response.end());
  await using run = startRun(scenario([`url: https://localhost:${port}/`, `tls: { ca: ${made.ca} }`]));
  expect(await run.ended, run.stderr()).toBe(3);
  expect(run.stdout() + run.stderr()).toMatch(/The certificate of localhost:\d+\s+expired\s+on/);
}, 60_000);

test('a warm-up that fails by its answer says what answered, and which rule it broke', async () => {
  const port = await portOf(
    createPlainServer((_request, response) => void response.writeHead(302, { location: '/login' }).end()),
  );
  await using run = startRun(scenario([`url: http://127.0.0.1:${port}/x`]));
  expect(await run.ended, run.stderr()).toBe(3);
  expect(run.result().trials[0]!.failure).toMatch(
    /^none of \d+ warm-up calls succeeded: error: HTTP 302, a redirect to \/login; success.status requires 2xx$/,
  );
}, 60_000);

test('an encoded answer is decoded, and connections are counted', async () => {
  const server = createPlainServer((_request, response) => {
    response
      .writeHead(200, { 'content-encoding': 'gzip', connection: 'close' })
      .end(gzipSync('{"state":"ok"}'));
  });
  const port = await portOf(server);
  const rule = 'success: { equals: { state: ok } }';
  await using run = startRun(scenario([`url: http://127.0.0.1:${port}/x`, rule]), ['--full']);
  expect(await run.ended, run.stderr()).toBe(0);
  const [trial] = run.result().trials;
  expect(outcomesOf(trial!)).toEqual([{ planned: 50, ok: 50 }]);
  // Those of before the load are used first.
  const { atStart, opened, refused } = trial!.connections!;
  expect([atStart + opened >= 50, refused]).toEqual([true, 0]);
  expect(run.stdout()).toMatch(/opened during the load/);
}, 60_000);

/** What a team has: a description, an address, an authority. The scenario is written, and each load is a small one. */
const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const SMALL = ['rounds=1', 'noop=false', 'durationMs=1s', 'warmUp.calls=40', 'warmUp.steadyWindows=0'];
const small = (...more: string[]) => [...SMALL, ...more].flatMap((value) => ['--set', value]);

async function written(from: string, url: string, ...more: string[]) {
  const init = startCli((file) => {
    const asked = ['--from', path.join(FIXTURES, from), '--url', url, '--ca', made.ca];
    return ['init', file, '--force', ...asked, ...more];
  });
  expect(await init.ended, init.stderr()).toBe(0);
  return { init, file: path.join(init.folder, 'scenario.yaml') };
}

test('a service in Python by what FastAPI says of it: init, run, ab of two versions, over TLS', async ({
  skip,
}) => {
  if (spawnSync('python3', ['--version']).status !== 0) skip('no python3 on the PATH');
  const [port] = (await freePorts(1)) as [number];
  const operations = ['createLoan', 'listLoans', 'listShelf'].flatMap((name) => ['--operation', name]);
  const { init, file } = await written('lending.json', `https://localhost:${port}`, '--mix', ...operations);
  await using _init = init;
  const program = (workMs: number) =>
    ['python3', path.join(FIXTURES, 'lending.py'), port, made.server.cert, made.server.key, workMs].join(' ');
  await using run = startCli((_, out) => {
    const own = small(`targets.scenario.command=${program(1)}`);
    return ['run', file, '--out', out, '--allow-unjudged', ...own];
  });
  expect(await run.ended, run.stderr()).toBe(0);
  const [trial] = run.result().trials;
  expect(outcomesOf(trial!)).toEqual([{ planned: 50, ok: 50 }]);
  expect(trial!.operations!.map(({ name }) => name)).toEqual(['create-loan', 'list-loans', 'list-shelf']);
  await using ab = startCli((_, out) => {
    const arms = ['--a', `command=${program(1)}`, '--b', `command=${program(2)}`];
    return ['ab', file, '--pairs', '1', '--format', 'junit', '--out', out, ...arms, ...small()];
  });
  // One pair decides nothing.
  expect(await ab.ended, ab.stderr()).toBe(11);
  expect(ab.stdout()).toMatch(/^<\?xml .*\n<testsuites /);
  expect(ab.find(/lending\.py/)).toEqual([]);
}, 120_000);

/** gRPC by hand (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): each message has five bytes before it. */
function rpcAnswer(stream: ServerHttp2Stream, messages: readonly Buffer[]): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  for (const message of messages) {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    stream.write(Buffer.concat([head, message]));
  }
  stream.end();
}

test('a gRPC service by its .proto alone, over TLS: a call and a stream', async () => {
  const heard: Record<string, Buffer[]> = {};
  const { cert, key } = made.server;
  const server = createSecureServer({ cert: readFileSync(cert), key: readFileSync(key) });
  server.on('stream', (stream: ServerHttp2Stream, { ':path': method = '' }) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
    stream.on('end', () => {
      (heard[method] ??= []).push(Buffer.concat(chunks).subarray(5));
      // `sku`, or `reservation_id`: field 1, a text of one letter.
      const message = Buffer.from([0x0a, 1, 0x61]);
      rpcAnswer(stream, method.endsWith('/Watch') ? [message, message] : [message]);
    });
  });
  const url = `grpcs://localhost:${await portOf(server)}`;
  const { init, file } = await written(
    'inventory.proto',
    url,
    '--operation',
    'Reserve',
    '--operation',
    'Watch',
  );
  await using _init = init;
  await using run = startCli((_, out) => ['run', file, '--out', out, '--allow-unjudged', ...small()]);
  expect(await run.ended, run.stderr()).toBe(0);
  expect(run.result().trials.map((trial) => outcomesOf(trial))).toEqual([
    [{ planned: 50, ok: 50 }],
    [{ planned: 50, ok: 50 }],
  ]);
  const reserve = heard['/shop.inventory.v1.Inventory/Reserve']!;
  // `order_id` is a UUID of each call's own; the fields after it are `warehouse` and `lines`.
  const ids = reserve.map((message) => message.subarray(2, 38).toString());
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(reserve.length);
  expect([...reserve[0]!.subarray(38, 41)]).toEqual([0x10, 1, 0x1a]);
  expect(heard['/shop.inventory.v1.Inventory/Watch']!.length).toBeGreaterThanOrEqual(50);
}, 120_000);
