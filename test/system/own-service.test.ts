import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freePorts } from '../../src/brokers/ports.ts';
import { outcomesOf } from './own-service.ts';
import { startCli, startRun } from './run.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/own-service/', import.meta.url));
const SMALL = ['rounds=1', 'floor=false', 'warmUp.calls=40', 'warmUp.probeMs=0', 'durationMs=600'];
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
  ];
  await using run = startCli((_, out) => {
    const more = set(...SMALL.slice(0, -1), 'durationMs=2000', ...own);
    return ['run', `${EXAMPLES}scenario.yaml`, '--out', out, '--seed', '1', ...more];
  });
  expect(await run.ended, run.stderr()).toBe(0);
  const { trials, patterns } = run.result();
  expect(trials.map(({ kind, state }) => [kind, state]).toSorted()).toEqual([
    ['control', 'done'],
    ['fault', 'done'],
  ]);
  const [control, fault] = trials.toSorted((a, b) => a.kind.localeCompare(b.kind));
  // 100/s: what was due before, in, and after the fault follows from the plan.
  for (const trial of trials) expect(outcomesOf(trial).map(({ planned }) => planned)).toEqual([50, 70, 80]);
  const during = [control!, fault!].map((trial) => outcomesOf(trial)[1]!.ok) as [number, number];
  expect(during[1]).toBeLessThan(during[0]);
  expect(during[1]).toBeLessThan(35);
  expect(fault!.faults[0]).toMatchObject({ do: 'refuse', on: 'target' });
  expect(fault!.faults[0]!.observed).toBeGreaterThan(0);
  expect(trials.map(({ evidence }) => evidence)).toEqual(['none', 'none']);
  expect(patterns[0]).toMatchObject({ target: `${url}/orders` });
  expect(patterns[0]!.guarantee.acknowledgedBy).toContain('HTTP 201, with state "accepted"');
  expect(run.stdout()).toContain('acceptance only');
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

test.each<[string, string, RegExp]>([
  [
    'ends',
    'command: [NODE, -e, "console.error(`no such database: orders`); process.exit(7)"]',
    /that it ended with code 7; its last words: no such database: orders/,
  ],
  [
    'is never ready',
    'command: [NODE, -e, "console.log(`thinking`); setInterval(() => {}, 1000)"]\n    ready: { withinMs: 300 }',
    /was not ready within 300 ms: nobody listens on port \d+; its last words: thinking/,
  ],
  [
    'says another line',
    'command: [NODE, -e, "console.log(`up`); setInterval(() => {}, 1000)"]\n    ready: { line: ready, withinMs: 300 }',
    /was not ready within 300 ms: its output does not hold "ready"; its last words: up/,
  ],
  [
    'is not there',
    'command: no-such-program-at-all',
    /to start target-\S+ by no-such-program-at-all.* found ENOENT/,
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

test('a port on which another one listens is told, and nothing is measured there', async () => {
  const other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const target = `    url: http://127.0.0.1:${port}/\n    command: [${process.execPath}, -e, "0"]\n`;
  await using run = startRun(REST + target);
  expect(await run.ended, run.stderr()).toBe(3);
  expect(run.result().trials[0]!.failure).toBe(
    `Expected the port ${port} to be free for the program of the target, found somebody listening there`,
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
