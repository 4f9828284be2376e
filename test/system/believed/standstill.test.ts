import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startOwnBroker } from '../../support/own-broker.ts';
import { startRun, type CliRun } from '../run.ts';

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
