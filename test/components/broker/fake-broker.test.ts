import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { applyNow, liftNow } from '../../support/faults/at-once.ts';
import { daemonSocket } from '../../../src/components/broker/persistent.ts';
import { openDaemonServer } from '../../../src/components/broker/daemon-server.ts';
import { definition as kill } from '../../../src/faults/kill.ts';
import type { StartedBroker } from '../../../src/kernel/broker.ts';
import { identify, isAlive } from '../../../src/platform/process/proc.ts';
import { lookAtMachine } from '../../../src/trial/environment/machine-look.ts';
import { careForBrokers } from '../../../src/trial/environment/broker-care.ts';
import { startBrokers } from '../../../src/trial/environment/broker-set.ts';
import { openTestbed, type Testbed } from '../../../src/trial/environment/testbed.ts';
import { silentProgress } from '../../../src/trial/progress.ts';
import type { JarRecipe } from '../../../src/platform/packages/recipe.ts';
import { CommbenchError, type ErrorCode } from '../../../src/kernel/errors.ts';
import { ask, FAKE_PROGRAM, fakeBroker, fakePackage } from './fake-broker.ts';

/** What every broker has from its recipe alone, on a real process of a few lines. */
let testbed: Testbed & AsyncDisposable;
let lines: string[];

beforeEach(async () => {
  lines = [];
  const progress = { ...silentProgress, line: (text: string) => void lines.push(text) };
  testbed = await openTestbed({ progress, signal: new AbortController().signal });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await testbed[Symbol.asyncDispose]();
});

/** With a cache of its own. */
function context(url?: string) {
  const { folder, signal, spawner, progress } = testbed;
  const line = (text: string) => progress.line(text);
  return { url, cacheFolder: path.join(folder, 'cache'), signal, folder, spawner, progress: line };
}

async function started(): Promise<StartedBroker> {
  const broker = fakeBroker(true);
  const own = await broker.start(await broker.find(context()), context());
  onTestFinished(() => own[Symbol.asyncDispose]());
  return own;
}

/** A Maven repository that has the broker's program and nothing else. */
async function openRepository(): Promise<string[]> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    response.end(readFileSync(FAKE_PROGRAM));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  vi.stubEnv('COMMBENCH_MAVEN_URL', `http://127.0.0.1:${port}`);
  return asked;
}

const isKnown = (lost: Promise<string>) =>
  Promise.race([lost.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);

test('an installed one is found and started; it took a message, is warmed, and wholly gone afterwards', async () => {
  const broker = fakeBroker(true);
  const plan = await broker.find(context());
  expect(plan).toEqual({ state: 'available', source: 'installed', version: '1.0', detail: FAKE_PROGRAM });
  const own = await broker.start(plan, context());
  expect(own).toMatchObject({ name: 'fake', kind: 'broker', source: 'installed', version: '1.0' });
  expect(own.endpoints).toEqual([{ url: own.url }]);
  expect(await ask(own.url, 'all', testbed.signal)).toBe('ready');
  expect(await own.warm(testbed.signal)).toBe('50 words put');
  const processes = own.pids.map(identify);
  expect(processes.map(isAlive)).toEqual([true]);
  await own[Symbol.asyncDispose]();
  expect(processes.map(isAlive)).toEqual([false]);
  expect(own.pids).toEqual([]);
  expect(await isKnown(own.lost)).toBe(false);
});

test('one that is not installed is fetched once, checked, and found in the cache from then on', async () => {
  const asked = await openRepository();
  const broker = fakeBroker(false);
  const plan = await broker.find(context());
  expect(plan).toMatchObject({ state: 'available', source: 'package-cache', fetch: { seconds: 1 } });
  await (await broker.start(plan, context()))[Symbol.asyncDispose]();
  expect(asked).toEqual(['/org/fake/1.0/fake-broker-server.ts']);
  expect(lines[0]).toMatch(/^Fake: fetching it once, about \d+ MB, about 1 s on a typical connection$/);
  const again = await broker.find(context());
  expect(again).toMatchObject({ source: 'package-cache', version: '1.0' });
  expect(again).not.toHaveProperty('fetch');
  await (await broker.start(again, context()))[Symbol.asyncDispose]();
  expect(asked).toHaveLength(1);
});

/** A package that is fetched, and then does not pass its check. */
function failing(version: string, code: ErrorCode, message = code as string): JarRecipe {
  return { ...fakePackage, version, finish: () => Promise.reject(new CommbenchError(code, message)) };
}

test('where the preferred package can not be had, or does not work, the next one is taken, and a line says so', async () => {
  const asked = await openRepository();
  const unresolved = failing('3.0', 'download-failed', 'Unable to locate package');
  const broken = failing('2.0', 'no-broker', 'Fake did not start:\nTrying...\nit is\nbroken');
  const broker = fakeBroker(false, [unresolved, broken, fakePackage]);
  const plan = await broker.find(context());
  expect(plan).toMatchObject({ source: 'package-cache', version: '3.0' });
  await using own = await broker.start(plan, context());
  expect(own.version).toBe('1.0');
  expect(asked).toHaveLength(3);
  expect(lines.filter((line) => line.includes('not from'))).toEqual([
    'Fake: not from Maven, version 3.0: Unable to locate package; trying Maven, version 2.0',
    'Fake: not from Maven, version 2.0: Fake did not start: | it is | broken; trying Maven, version 1.0',
  ]);
  // What is in the cache stays in use.
  const again = await broker.find(context());
  expect(again).toMatchObject({ version: '1.0' });
  expect(again).not.toHaveProperty('fetch');
});

test('a full disk is no reason to fetch another package, and the last failure is the one reported', async () => {
  await openRepository();
  const start = async (...packages: [JarRecipe, ...JarRecipe[]]) => {
    const broker = fakeBroker(false, packages);
    return broker.start(await broker.find(context()), context());
  };
  await expect(start(failing('3.0', 'disk-full'), fakePackage)).rejects.toThrow('disk-full');
  const both = start(failing('3.0', 'download-failed'), failing('2.0', 'download-failed', 'the last one'));
  await expect(both).rejects.toThrow('the last one');
});

test('a fault kills it and brings it back on its data: what was confirmed is there', async () => {
  const own = await started();
  const target = own.faultTarget!;
  await ask(own.url, 'put kept', testbed.signal);
  const [first] = target.pids;
  await applyNow(kill, target);
  expect(own.pids).toEqual([]);
  await liftNow(kill, target);
  expect(target.pids).toHaveLength(1);
  expect(target.pids).not.toEqual([first]);
  expect(await ask(own.url, 'all', testbed.signal)).toBe('ready kept ready');
  expect(await isKnown(own.lost)).toBe(false);
});

test('an end that nobody ordered is a loss, told with its last output', async () => {
  const own = await started();
  process.kill(own.pids[0]!, 'SIGKILL');
  expect(await own.lost).toMatch(/^fake-\w+-1 was ended by SIGKILL; its last output: listening on \d+$/);
});

test('one given by its URL is used, and is not ours to kill or measure', async () => {
  const own = await started();
  const broker = fakeBroker(false);
  const plan = await broker.find(context(own.url));
  expect(plan).toEqual({ state: 'available', source: 'url', version: 'fake 1.0', detail: own.url });
  const given = await broker.start(plan, context(own.url));
  expect(given.pids).toEqual([]);
  expect(given.faultTarget).toBeUndefined();
  await given[Symbol.asyncDispose]();
  expect(own.pids.map(identify).map(isAlive)).toEqual([true]);
});

test('a URL where nobody answers is unavailable, one of another kind is refused', async () => {
  const broker = fakeBroker(true);
  const plan = await broker.find(context('fake://127.0.0.1:1'));
  expect(plan).toMatchObject({ state: 'unavailable', searched: [expect.stringContaining('ECONNREFUSED')] });
  await expect(broker.start(plan, context('fake://127.0.0.1:1'))).rejects.toMatchObject({
    code: 'no-broker',
  });
  await expect(broker.find(context('amqp://127.0.0.1:1'))).rejects.toMatchObject({ code: 'bad-option' });
});

test('a persistent one comes before all others, and is lost with its daemon', async () => {
  const own = await started();
  const { url, pids } = own;
  const kept = { name: 'fake', daemonPid: process.pid, url, version: '1.0', source: 'installed', sinceMs: 0 };
  const server = await openDaemonServer({
    socketPath: daemonSocket(context().cacheFolder, 'fake'),
    idleMs: 3_600_000,
    describe: () => ({ ...kept, state: 'up', pids: [...pids] }),
    onEnd: () => undefined,
  });
  const broker = fakeBroker(true);
  const plan = await broker.find(context());
  expect(plan).toMatchObject({ source: 'persistent' });
  await using used = await broker.start(plan, context());
  expect(used.pids).toEqual(pids);
  expect(used.faultTarget).toBeUndefined();
  await server[Symbol.asyncDispose]();
  expect(await used.lost).toBe('its broker daemon ended');
});

test('a run brings it up warm, measures it when idle, and starts another when it is lost', async () => {
  const broker = fakeBroker(true);
  const choice = { urls: {}, allowRemote: [], skip: false, load: async () => broker };
  const { missing, warmed } = await startBrokers(testbed, [broker], choice);
  expect([missing.size, warmed.get('fake')]).toEqual([0, '50 words put']);
  const { others } = await lookAtMachine(testbed, false);
  expect(others === null || (others >= 0 && others <= 1)).toBe(true);
  expect(testbed.idleCpu.get('fake')!.to.cpuNs).toBeGreaterThanOrEqual(0);
  const care = careForBrokers(testbed, [broker], choice);
  const first = testbed.brokers.get('fake')!;
  process.kill(first.pids[0]!, 'SIGKILL');
  await first.lost;
  await care.before([]);
  const second = testbed.brokers.get('fake')!;
  expect(second).not.toBe(first);
  expect(second.pids.map(identify).map(isAlive)).toEqual([true]);
  expect(lines).toContain('Fake was lost; restarting it');
});
