import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nowNs } from '../../src/kernel/clock.ts';
import { isProcessStopped } from '../../src/platform/process/proc.ts';
import { watchStandstills, type WatchedPart } from '../../src/trial/standstill.ts';

/** A hang guard. */
const BOUND_MS = 15_000;

let child: ChildProcess;

beforeEach(async () => {
  child = spawn('/bin/sleep', ['600']);
  await once(child, 'spawn');
});

afterEach(async () => {
  child.kill('SIGKILL');
  await once(child, 'exit');
});

function part(planned: WatchedPart['planned'] = []): WatchedPart {
  return { component: { name: 'rabbitmq', pids: [child.pid!] }, title: 'RabbitMQ', planned };
}

async function stopped(is: boolean): Promise<void> {
  while (isProcessStopped(child.pid!) !== is) await new Promise((resolve) => setImmediate(resolve));
}

test(
  'a part that was stopped and goes on is named, with its time',
  async () => {
    using watch = watchStandstills();
    watch.watch([part()]);
    watch.begin(nowNs() - 2e9, Infinity);
    child.kill('SIGSTOP');
    while (watch.now() === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGCONT');
    const { name, words } = await watch.seen;
    expect(name).toBe('rabbitmq');
    expect(words).toMatch(/^RabbitMQ stood still for [\d.]+ m?s from 2\.\d s on, and nobody planned it$/);
  },
  BOUND_MS,
);

test(
  'one that does not go on is not waited for',
  async () => {
    using watch = watchStandstills();
    watch.watch([part()]);
    child.kill('SIGSTOP');
    const { words } = await watch.seen;
    expect(words).toBe('RabbitMQ stood still before the load, and nobody planned it');
  },
  BOUND_MS,
);

test(
  'a fault may have it stopped while it lasts, and no longer',
  async () => {
    using watch = watchStandstills();
    watch.watch([part([{ fromNs: 0, toNs: 0.4e9 }])]);
    const startNs = nowNs();
    watch.begin(startNs, Infinity);
    child.kill('SIGSTOP');
    await stopped(true);
    await watch.seen;
    expect(nowNs() - startNs).toBeGreaterThan(2.4e9);
  },
  BOUND_MS,
);

test('what is never stopped is never named', async () => {
  using watch = watchStandstills();
  watch.watch([part()]);
  await expect(
    Promise.race([watch.seen, new Promise((resolve) => setTimeout(resolve, 350, 'nothing'))]),
  ).resolves.toBe('nothing');
});

test('a machine that slept is named, with its time', async () => {
  let asleepNs = 0;
  using watch = watchStandstills(() => asleepNs);
  watch.begin(nowNs() - 2e9, Infinity);
  asleepNs = 8e9;
  await expect(watch.seen).resolves.toEqual({
    name: 'machine',
    words: expect.stringMatching(/^the machine slept for 8\.00 s from 2\.\d s on$/),
  });
});

test('a time of the load in which this process itself stood still is known', async () => {
  using watch = watchStandstills();
  const standstill = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1300);
  const sampled = () => new Promise((resolve) => setTimeout(resolve, 250));
  standstill();
  await sampled();
  expect(watch.own()).toEqual([]);
  const startNs = nowNs();
  watch.begin(startNs, startNs + 0.5e9);
  await sampled();
  standstill();
  await sampled();
  expect(watch.own()).toEqual([
    expect.stringMatching(/^commbench itself stood still for 1\.\d\d s from 0\.\d s on$/),
  ]);
  using later = watchStandstills();
  later.begin(startNs, startNs + 0.5e9);
  standstill();
  await sampled();
  expect(later.own()).toEqual([]);
});
