import path from 'node:path';
import { expect, test } from 'vitest';
import { startOwnBroker } from '../../../src/components/broker/own-broker.ts';
import { identify, isAlive } from '../../../src/platform/process/proc.ts';
import { spawnHere } from '../../support/spawn-here.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const forever = new AbortController().signal;
const NOT_LOST = Symbol('not lost');

/** A program that only lives; how each of its lives becomes ready is the test's. */
function stub(
  folder: string,
  ready: (signal: AbortSignal, life: number) => Promise<void> = async () => undefined,
) {
  return {
    name: 'stub',
    speaker: { title: 'Stub', lastWords: () => 'goodbye' },
    readyMs: 30_000,
    signal: forever,
    launch: (life: number) =>
      spawnHere.spawn({
        name: `stub-${life}`,
        file: process.execPath,
        args: ['-e', 'setInterval(() => {}, 1000)'],
        outputPath: path.join(folder, 'out.log'),
      }),
    ready,
  };
}

/** Whether it is known to be lost by now. */
function lostByNow(lost: Promise<string>): Promise<string | symbol> {
  return Promise.race([lost, new Promise<symbol>((resolve) => setImmediate(() => resolve(NOT_LOST)))]);
}

test('an end that a fault ordered is no loss; it comes back as another process', async () => {
  using root = temporaryFolder();
  const lives: number[] = [];
  await using broker = await startOwnBroker(stub(root.path, async (_signal, life) => void lives.push(life)));
  const [first] = broker.pids;
  await broker.faultTarget.signal('SIGKILL');
  await broker.faultTarget.ended();
  expect(isAlive(identify(first!))).toBe(false);
  expect(broker.pids).toEqual([]);
  await broker.faultTarget.restart();
  expect(broker.pids).toHaveLength(1);
  expect(broker.pids).not.toEqual([first]);
  expect(broker.faultTarget.pids).toEqual(broker.pids);
  expect(lives).toEqual([1, 2]);
  expect(await lostByNow(broker.lost)).toBe(NOT_LOST);
});

test.each([0, 1])('after %i restarts, an end that nobody ordered is a loss', async (restarts) => {
  using root = temporaryFolder();
  await using broker = await startOwnBroker(stub(root.path));
  for (let i = 0; i < restarts; i++) {
    await broker.faultTarget.signal('SIGKILL');
    await broker.faultTarget.ended();
    await broker.faultTarget.restart();
  }
  process.kill(broker.pids[0]!, 'SIGKILL');
  expect(await broker.lost).toBe(`stub-${restarts + 1} was ended by SIGKILL; its last words: goodbye`);
  expect(broker.pids).toEqual([]);
});

test('frozen and thawed, it is the same process, and not lost', async () => {
  using root = temporaryFolder();
  await using broker = await startOwnBroker(stub(root.path));
  const { pids } = broker;
  await broker.faultTarget.signal('SIGSTOP');
  await broker.faultTarget.signal('SIGCONT');
  expect(broker.pids).toEqual(pids);
  expect(await lostByNow(broker.lost)).toBe(NOT_LOST);
});

test('one that does not come back is lost, and leaves no process', async () => {
  using root = temporaryFolder();
  const refuse = async (_signal: AbortSignal, life: number) => {
    if (life === 2) throw new Error('it refuses');
  };
  await using broker = await startOwnBroker(stub(root.path, refuse));
  await broker.faultTarget.signal('SIGKILL');
  await broker.faultTarget.ended();
  await expect(broker.faultTarget.restart()).rejects.toThrow('it refuses');
  expect(await broker.lost).toContain('it refuses');
  expect(broker.pids).toEqual([]);
});

test('disposed in the midst of a restart, it ends at once, and that is no loss', async () => {
  using root = temporaryFolder();
  const second = Promise.withResolvers<void>();
  const neverReady = async (signal: AbortSignal, life: number) => {
    if (life === 1) return;
    second.resolve();
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const broker = await startOwnBroker(stub(root.path, neverReady));
  await broker.faultTarget.signal('SIGKILL');
  await broker.faultTarget.ended();
  const restart = broker.faultTarget.restart();
  const failed = expect(restart).rejects.toThrow('stub is to end');
  await second.promise;
  await broker[Symbol.asyncDispose]();
  await failed;
  expect(await lostByNow(broker.lost)).toBe(NOT_LOST);
});

test('one that ends before it is ready says its last words', async () => {
  using root = temporaryFolder();
  const own = stub(
    root.path,
    (signal) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
  );
  const launch = async () => {
    const program = await own.launch(1);
    await program.signal('SIGKILL');
    return program;
  };
  await expect(startOwnBroker({ ...own, launch })).rejects.toMatchObject({
    code: 'no-broker',
    message: 'Stub did not start: stub-1 was ended by SIGKILL; its last words: goodbye',
  });
});
