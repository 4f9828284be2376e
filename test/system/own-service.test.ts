import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freePorts } from '../../src/platform/net/ports.ts';
import type { Handler } from '../../src/kernel/transport.ts';
import type { Trial } from '../../src/record/record.ts';
import { loadTransportDefinition } from '../../src/transports/discover.ts';
import { outcomesOf } from './own-service.ts';
import { startCli, startRun } from './run.ts';

const EXAMPLES = fileURLToPath(new URL('../../scenarios/examples/own-service/', import.meta.url));
const SMALL = ['rounds=1', 'noop=false', 'warmUp.calls=40', 'warmUp.probeMs=0', 'durationMs=600'];
const set = (...values: string[]) => [...values].flatMap((value) => ['--set', value]);

const REST = `name: own
title: A target
rounds: 1
warmUp: { calls: 0 }
durationMs: 300
patterns:
  - { id: http, title: HTTP, transport: rest, interaction: request-reply }
targets:
  http:
`;

test('the example is started by its command, bears a fault on its way, and is ended', async () => {
  const [port] = (await freePorts(1)) as [number];
  const url = `http://127.0.0.1:${port}`;
  const own = [
    `targets.orders.url=${url}/orders`,
    `targets.orders.command=[${process.execPath}, server.js, "${port}"]`,
    `targets.orders.ready.url=${url}/health`,
    'faults.0.atMs=500',
    'faults.0.forMs=700',
    'watchRecovery=false',
  ];
  await using run = startCli((_, out) => {
    const more = set(...SMALL.slice(0, -1), 'durationMs=2000', ...own);
    return ['run', `${EXAMPLES}scenario.yaml`, '--out', out, '--full', '--seed', '1', ...more];
  });
  expect(await run.ended, run.stderr()).toBe(0);
  const { trials, patterns } = run.result();
  expect(trials.map(({ kind, state }) => [kind, state]).toSorted()).toEqual([
    ['control', 'done'],
    ['fault', 'done'],
  ]);
  const [control, fault] = trials.toSorted((a, b) => a.kind.localeCompare(b.kind));
  // 100/s: what is due before, in, and after the fault follows from the plan, and of the fault itself from its instants.
  const plannedIn = (trial: Trial) => outcomesOf(trial).map(({ planned }) => planned);
  expect(plannedIn(control!)).toEqual([50, 70, 80]);
  const dueNs = Array.from({ length: 200 }, (_, i) => i * 10e6);
  const [before, struck, after] = fault!.phases;
  expect([500e6, fault!.faults[0]!.observedNs]).toContain(before!.toNs);
  expect([before!.fromNs, struck!.fromNs, after!.fromNs, after!.toNs]).toEqual([
    0,
    before!.toNs,
    struck!.toNs,
    2e9,
  ]);
  expect(plannedIn(fault!)).toEqual(
    fault!.phases.map(({ fromNs, toNs }) => dueNs.filter((ns) => ns >= fromNs && ns < toNs).length),
  );
  const during = [control!, fault!].map((trial) => outcomesOf(trial)[1]!.ok) as [number, number];
  expect(during[1]).toBeLessThan(during[0]);
  expect(during[1]).toBeLessThan(35);
  expect(fault!.faults[0]).toMatchObject({ do: 'refuse', on: 'target' });
  expect(fault!.faults[0]!.observed).toBeGreaterThan(0);
  expect(trials.map(({ evidence }) => evidence)).toEqual(['none', 'none']);
  expect(patterns[0]).toMatchObject({ target: `${url}/orders` });
  expect(patterns[0]!.guarantee.acknowledgedBy).toContain('HTTP 201, with state "***"');
  expect(run.stdout()).toMatch(/not observed:\s+acceptance\s+only/);
  expect(run.find(/server\.js/)).toEqual([]);
}, 120_000);

test('HTTP and gRPC by their commands, side by side', async () => {
  const [http, rpc] = (await freePorts(2)) as [number, number];
  const own = [
    `targets.http.url=http://127.0.0.1:${http}/orders`,
    `targets.http.command=[${process.execPath}, server.js, "${http}"]`,
    `targets.rpc.url=grpc://127.0.0.1:${rpc}`,
    `targets.rpc.command=[${process.execPath}, grpc-server.js, "${rpc}"]`,
  ];
  await using run = startCli((_, out) => {
    return ['run', `${EXAMPLES}rest-and-grpc.yaml`, '--out', out, ...set(...SMALL, ...own)];
  });
  expect(await run.ended, run.stderr()).toBe(0);
  const { state, trials } = run.result();
  expect(state).toBe('complete');
  expect(trials.map((trial) => [trial.pattern, ...outcomesOf(trial).map(({ ok }) => ok)]).toSorted()).toEqual(
    [
      ['http', 120],
      ['rpc', 120],
    ],
  );
  expect(run.find(/server\.js/)).toEqual([]);
}, 120_000);

test('what init writes from an OpenAPI document drives the service that it describes', async () => {
  const [port] = (await freePorts(1)) as [number];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-own-'));
  const file = path.join(folder, 'orders.yaml');
  await using init = startCli(() => ['init', file, '--from', `${EXAMPLES}openapi.yaml`]);
  expect(await init.ended, init.stderr()).toBe(0);
  expect(init.stderr()).toContain('which drives POST /orders.');
  const own = [
    `targets.place-order.command=[${process.execPath}, server.js, "${port}"]`,
    `targets.place-order.cwd=${EXAMPLES}`,
  ];
  await using run = startCli((_, out) => {
    const where = ['--target', `place-order=http://127.0.0.1:${port}`];
    // Its thresholds name a p99, which 30 calls do not give.
    return ['run', file, '--out', out, '--allow-unjudged', ...where, ...set(...SMALL, ...own)];
  });
  expect(await run.ended, run.stderr()).toBe(0);
  // 50/s.
  expect(outcomesOf(run.result().trials[0]!)).toEqual([{ planned: 30, ok: 30 }]);
  rmSync(folder, { recursive: true });
}, 60_000);

test('GraphQL by its URL: each call is one mutation, and an error in a 200 is none that went well', async () => {
  const { parts, options } = await loadTransportDefinition('graphql');
  const heard = new Set<string>();
  const handler: Handler = async ({ operation, body, envelope: { stage, sequence } }) => {
    if (stage === 'measured') heard.add(`${operation} ${(body as { email: string }).email}`);
    const user = { id: 'u', email: 'e', name: 'n', created_at: 1, status: 'ACTIVE' };
    return sequence % 3 === 0
      ? { kind: 'failed', status: 'internal', noEffect: true, detail: 'every third' }
      : { kind: 'done', body: user };
  };
  const context = {
    interaction: 'request-reply',
    concurrency: 4,
    subscriber: 0,
    address: undefined,
  } as const;
  await using server = await (await parts.serve())(handler, { ...context, options: options.parse({}) });
  const target = `    url: ${server.address.url}/graphql
    document: 'mutation C($email: String!) { createUser(email: $email, name: "n") { id } }'
    variables: { email: 'u{{sequence}}@example.org' }
    headers: { x-commbench: '1.0.{{sequence}}.1.{{key}}.0' }
`;
  await using run = startRun((REST + target).replace('transport: rest', 'transport: graphql'));
  expect(await run.ended, run.stderr()).toBe(0);
  const [{ phases }] = run.result().trials as [Trial];
  // 200/s for 0.3 s, of which 0, 3, ..., 57 fail.
  expect(phases[0]!.outcomes).toMatchObject({ ok: 40, error: 20 });
  expect(heard.size).toBe(60);
  expect(heard).toContain('createUser u59@example.org');
}, 60_000);

test('the use of a program and of what it starts is known, that of a server which was there before is not', async () => {
  const [port] = (await freePorts(1)) as [number];
  const url = `    url: http://127.0.0.1:${port}/health\n`;
  const script = `${process.execPath} ${EXAMPLES}server.js ${port} & wait`;
  await using started = startRun(`${REST}${url}    command: ${JSON.stringify(['sh', '-c', script])}\n`);
  expect(await started.ended, started.stderr()).toBe(0);
  const [own] = started.result().trials as [Trial];
  // The shell alone has a few MB.
  expect(own.cost.servicePeakBytes).toBeGreaterThan(20e6);
  expect(own.machine.others).not.toBeNull();
  expect(own.notes).toEqual([]);
  const server = createHttpServer((_, to) => to.end()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  await using run = startRun(REST + url);
  expect(await run.ended, run.stderr()).toBe(0);
  const [theirs] = run.result().trials as [Trial];
  expect(theirs.machine.others).toBeNull();
  expect(theirs.notes.join()).toContain('the CPU use of other processes is unknown');
  server.close();
}, 60_000);

test('another machine is refused before anything is sent', async () => {
  await using run = startRun(`${REST}    url: http://192.0.2.1/\n`);
  expect(await run.ended).toBe(2);
  expect(run.stderr()).toContain('Expected an address of this machine, found 192.0.2.1');
  expect(run.stderr()).toContain('--allow-remote 192.0.2.1');
}, 60_000);

test.each<[string, string, RegExp]>([
  [
    'ends',
    'command: [NODE, -e, "console.error(`no such database: orders`); process.exit(7)"]',
    /ended with code 7; its last output: no \*\*\* \*\*\* orders/,
  ],
  [
    'is never ready',
    'command: [NODE, -e, "console.log(`thinking`); setInterval(() => {}, 1000)"]\n    ready: { withinMs: 300 }',
    /was not ready within 300 ms: no process listens on port \d+; its last output: thinking/,
  ],
  [
    'says another line',
    'command: [NODE, -e, "console.log(`up`); setInterval(() => {}, 1000)"]\n    ready: { line: ready, withinMs: 300 }',
    /was not ready within 300 ms: its output does not contain the `line` of `ready`; its last output: up/,
  ],
  [
    'is not there',
    'command: no-such-program-at-all',
    /target-\S+ could not be started by no-such-program-at-all.*ENOENT/,
  ],
])(
  'a program that %s fails its trial with what it said',
  async (_name, command, message) => {
    const [port] = (await freePorts(1)) as [number];
    const target = `    url: http://127.0.0.1:${port}/\n    ${command.replace('NODE', process.execPath)}\n`;
    await using run = startRun(REST + target);
    expect(await run.ended, run.stderr()).toBe(3);
    expect(run.result().trials[0]!.failure).toMatch(message);
    expect(run.find(/thinking|`up`/)).toEqual([]);
  },
  60_000,
);

test('the line that makes it ready is heard after much else, and may be of the environment', async () => {
  const [port] = (await freePorts(1)) as [number];
  const said = '"x".repeat(400000) + "\\n" + process.env.PATH + " is up\\n"';
  const serve = `require("http").createServer((_, to) => to.end()).listen(${port}, "127.0.0.1", () => process.stdout.write(${said}))`;
  const command = JSON.stringify([process.execPath, '-e', serve]);
  const target = `    url: http://127.0.0.1:${port}/\n    command: ${command}\n    ready: { line: '{{env PATH}} is up' }\n`;
  await using run = startRun(REST + target);
  expect(await run.ended, run.stderr()).toBe(0);
}, 60_000);

test('an id in the URL is of this run, as it is elsewhere', async () => {
  const heard: string[] = [];
  const server = createHttpServer(({ url = '' }, to) => {
    heard.push(url);
    to.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await using run = startRun(`${REST}    url: 'http://127.0.0.1:${port}/orders/{{id}}'\n`);
  expect(await run.ended, run.stderr()).toBe(0);
  server.close();
  expect(new Set(heard).size).toBe(60);
  for (const url of heard) expect(url).not.toContain('/00000000-0000-');
}, 60_000);

test('a program that ends amid its load fails its trial with its last output', async () => {
  const [port] = (await freePorts(1)) as [number];
  const serve = `let n = 0; require("http").createServer((_, to) => { to.end(); if (++n === 20) { console.error("out of orders"); process.exit(3); } }).listen(${port}, "127.0.0.1")`;
  const target = `    url: http://127.0.0.1:${port}/\n    command: ${JSON.stringify([process.execPath, '-e', serve])}\n`;
  await using run = startRun(REST + target);
  expect(await run.ended, run.stderr()).toBe(3);
  expect(run.result().trials[0]!.failure).toMatch(/ended with code 3; its last output: out of orders/);
}, 60_000);

test('a port on which another one listens is told, and nothing is measured there', async () => {
  const other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const target = `    url: http://127.0.0.1:${port}/\n    command: [${process.execPath}, -e, "0"]\n`;
  await using run = startRun(REST + target);
  expect(await run.ended, run.stderr()).toBe(3);
  expect(run.result().trials[0]!.failure).toBe(
    `The port ${port} of the target's program is in use` +
      ' → End the process that listens there, or give the target another port in `url` and `command`.',
  );
  other.close();
}, 60_000);

test('Ctrl-C ends the program with everything else', async () => {
  const [port] = (await freePorts(1)) as [number];
  const target = `    url: http://127.0.0.1:${port}/orders\n    command: [${process.execPath}, server.js, "${port}"]\n    cwd: ${EXAMPLES}\n    body: { id: '{{id}}' }\n`;
  await using run = startRun((REST + target).replace('durationMs: 300', 'durationMs: 60000'));
  await run.saw(/baseline/);
  expect(run.find(/server\.js/)).toHaveLength(1);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  expect(run.find(/server\.js/)).toEqual([]);
}, 60_000);
