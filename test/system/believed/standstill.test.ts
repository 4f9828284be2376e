import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startOwnBroker } from '../../support/own-broker.ts';
import { until } from '../processes.ts';
import { upForTests } from './persistent-broker.ts';
import { startCli, startRun, type CliRun } from '../run.ts';

const scenario = (pattern: string, more = '') => `name: still
title: A part stands still
patterns: [${pattern}]
load: { shape: constant, ratePerS: 100 }
durationMs: 4000
deadlineMs: 500
rounds: 2
noop: false
warmUp: { calls: 100, probeMs: 0 }
${more}`;

const REST = '{ id: rest, title: REST, transport: rest, interaction: request-reply }';
const QUEUE = '{ id: queue, title: Queue, transport: rabbitmq, interaction: work-queue }';

function states(run: CliRun) {
  return run.result().trials.map(({ state, failure }) => [state, failure]);
}

function stop(run: CliRun, command: RegExp): () => void {
  const found = run.find(command);
  expect(found).not.toEqual([]);
  for (const { pid } of found) process.kill(pid, 'SIGSTOP');
  return () => found.forEach(({ pid }) => process.kill(pid, 'SIGCONT'));
}

test('a service that is stopped and goes on fails its trial by name; the next one has another', async () => {
  await using run = startRun(scenario(REST));
  await run.saw(/baseline, /);
  const goOn = stop(run, /service\.ts/);
  await delay(1000);
  goOn();
  expect(await run.ended, run.stderr()).toBe(3);
  expect(states(run)).toEqual([
    [
      'failed',
      expect.stringMatching(
        /^the service stood still for [\d.]+ m?s from \d\.\d s on, and nobody planned it$/,
      ),
    ],
    ['done', null],
  ]);
}, 120_000);

test('a load generator that never goes on does not hold up the run', async () => {
  await using run = startRun(scenario(REST));
  await run.saw(/baseline, /);
  stop(run, /generator\.ts/);
  expect(await run.ended, run.stderr()).toBe(3);
  expect(states(run)).toEqual([
    [
      'failed',
      expect.stringMatching(/^the load generator stood still from \d\.\d s on, and nobody planned it$/),
    ],
    ['done', null],
  ]);
}, 120_000);

test('a broker that never goes on fails its trial by name, and is replaced', async () => {
  await using run = startRun(scenario(QUEUE));
  await run.saw(/baseline, /);
  stop(run, /beam/);
  expect(await run.ended, run.stderr()).toBe(3);
  expect(states(run)).toEqual([
    ['failed', expect.stringMatching(/^RabbitMQ stood still from \d\.\d s on, and nobody planned it$/)],
    ['done', null],
  ]);
}, 240_000);

test('a broker whose processes are not ours is found by what it does not do', async () => {
  await using broker = await startOwnBroker('rabbitmq');
  await using run = startRun(scenario(QUEUE), ['--broker', `rabbitmq=${broker.url}`]);
  await run.saw(/baseline, /);
  await broker.faultTarget!.signal('SIGSTOP');
  await delay(1500);
  await broker.faultTarget!.signal('SIGCONT');
  await run.ended;
  const [first, second] = run.result().trials;
  expect(first!.validity.verdict).toBe('incomplete');
  expect(first!.validity.causes.map(({ detail }) => detail).join()).toMatch(
    /RabbitMQ stood still for 1\.\d+ s from \d\.\d+ s on, and nobody planned it: nothing was answered or done/,
  );
  expect(second!.validity.causes.map(({ detail }) => detail).join()).not.toContain('stood still');
}, 240_000);

test('one that never goes on does not hold up the run', async () => {
  await using broker = await startOwnBroker('rabbitmq');
  await using run = startRun(scenario(QUEUE), ['--broker', `rabbitmq=${broker.url}`]);
  await run.saw(/baseline, /);
  await broker.faultTarget!.signal('SIGSTOP');
  expect(await run.ended, run.stderr()).toBe(3);
  const [first, second] = run.result().trials;
  expect([first!.failure, ...first!.validity.causes.map(({ detail }) => detail)].join()).toMatch(
    /broker|RabbitMQ/,
  );
  expect(second!.state).toBe('failed');
}, 300_000);

test('a reaper that is asked to end, or stands still, ends the run with one message and keeps what was finished', async () => {
  for (const [signal, words] of [
    ['SIGTERM', /The process that owns all children was lost: the reaper \(pid \d+\) got a SIGTERM/],
    ['SIGSTOP', /The process that owns all children was lost: the reaper \(pid \d+\) stood still for 2 s/],
  ] as const) {
    await using run = startRun(scenario(REST));
    await run.saw(/round 2 of 2: started[^]*baseline, /);
    const [reaper] = run.find(/reaper\.ts/);
    process.kill(reaper!.pid, signal);
    expect(await run.ended, run.stderr()).toBe(3);
    expect(run.stderr().match(/^commbench: .*/gm)).toEqual([expect.stringMatching(words)]);
    expect(run.result()).toMatchObject({ state: 'interrupted', trials: [{ state: 'done' }] });
  }
}, 120_000);

test('a broker that stands still while it is warmed is named, and its pattern is not run', async () => {
  await using run = startRun(scenario(QUEUE));
  await run.saw(/RabbitMQ \S+ is up/);
  stop(run, /beam/);
  expect(await run.ended, run.stderr()).toBe(3);
  expect(run.stdout()).toMatch(/RabbitMQ was lost during its warm-up: it \(pid \d+\) stood still for 2 s/);
}, 240_000);

test('a commbench that stood still marks the trial that it met, and no other', async () => {
  await using run = startRun(scenario(REST));
  await run.saw(/baseline, /);
  run.child.kill('SIGSTOP');
  await delay(1500);
  run.child.kill('SIGCONT');
  expect(await run.ended, run.stderr()).toBe(0);
  const marks = run
    .result()
    .trials.map(({ validity }) =>
      validity.causes.filter(({ detail }) => detail.startsWith('commbench itself stood still')),
    );
  expect(marks).toEqual([
    [{ cause: 'disturbed', detail: expect.stringMatching(/for 1\.\d+ s from \d\.\d s on$/) }],
    [],
  ]);
}, 120_000);

function startOver(env: Readonly<Record<string, string>>) {
  return startCli((file, out) => ['run', file, '--out', out, '--seed', '1'], scenario(QUEUE), undefined, env);
}

test('a persistent broker that never goes on fails its trial by name, and is replaced', async () => {
  using broker = upForTests();
  await using run = startOver(broker.env);
  await run.saw(/baseline, /);
  for (const pid of broker.pids) process.kill(pid, 'SIGSTOP');
  expect(await run.ended, run.stderr()).toBe(3);
  expect(states(run)).toEqual([
    ['failed', expect.stringMatching(/^RabbitMQ stood still .*from \d\.\d s on, and nobody planned it$/)],
    ['done', null],
  ]);
  expect(broker.users()).toBeUndefined();
}, 240_000);

test('a persistent broker that stands still unused is ended: the next run has one that goes on', async () => {
  using broker = upForTests();
  for (const pid of broker.pids) process.kill(pid, 'SIGSTOP');
  await until('its end', () => broker.users() === undefined);
  await using run = startOver(broker.env);
  expect(await run.ended, run.stderr()).toBe(0);
  expect(run.stderr()).toMatch(/is up \((?:installed|package-cache)\)/);
}, 240_000);
