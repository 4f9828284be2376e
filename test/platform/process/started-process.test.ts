import path from 'node:path';
import { expect, test } from 'vitest';
import type { Program } from '../../../src/kernel/program.ts';
import { identify, isAlive } from '../../../src/platform/process/proc.ts';
import {
  type Launched,
  type ProcessRecipe,
  startProcess,
} from '../../../src/platform/process/started-process.ts';
import { howItEnded, startUntilUseful } from '../../../src/platform/process/until-ready.ts';
import { spawnHere } from '../../support/spawn-here.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const forever = new AbortController().signal;
const NOT_LOST = Symbol('not lost');
const label = { title: 'Stub', lastOutputOf: () => 'goodbye' };

type Ready = (signal: AbortSignal, life: number) => Promise<void>;

/** A program that only lives; how each of its lives becomes ready is the test's. */
function stub(folder: string, ready: Ready = async () => undefined): ProcessRecipe<Launched> {
  return {
    name: 'stub',
    signal: forever,
    async begin(life, signal) {
      const useful = (s: AbortSignal) => ready(s, life);
      const program = await startUntilUseful(spawnHere, specOf(folder, life), { label, signal, useful });
      return { program };
    },
    describeEnd: ({ program }, end) => howItEnded(label, program, end),
  };
}

function specOf(folder: string, life: number) {
  return {
    name: `stub-${life}`,
    file: process.execPath,
    args: ['-e', 'setInterval(() => {}, 1000)'],
    outputPath: path.join(folder, 'out.log'),
  };
}

/** Whether it is known to be lost by now. */
function lostByNow(lost: Promise<string>): Promise<string | symbol> {
  return Promise.race([lost, new Promise<symbol>((resolve) => setImmediate(() => resolve(NOT_LOST)))]);
}

test('an end that a fault ordered is no loss; it comes back as another process', async () => {
  using root = temporaryFolder();
  const lives: number[] = [];
  await using stubbed = await startProcess(stub(root.path, async (_signal, life) => void lives.push(life)));
  const [first] = stubbed.pids;
  await stubbed.faultTarget.signal('SIGKILL');
  await stubbed.faultTarget.ended();
  expect(isAlive(identify(first!))).toBe(false);
  expect(stubbed.pids).toEqual([]);
  await stubbed.faultTarget.restart();
  expect(stubbed.pids).toHaveLength(1);
  expect(stubbed.pids).not.toEqual([first]);
  expect(stubbed.faultTarget.pids).toEqual(stubbed.pids);
  expect(lives).toEqual([1, 2]);
  expect(await lostByNow(stubbed.lost)).toBe(NOT_LOST);
});

test.each([0, 1])('after %i restarts, an end that nobody ordered is a loss', async (restarts) => {
  using root = temporaryFolder();
  await using stubbed = await startProcess(stub(root.path));
  for (let i = 0; i < restarts; i++) {
    await stubbed.faultTarget.signal('SIGKILL');
    await stubbed.faultTarget.ended();
    await stubbed.faultTarget.restart();
  }
  process.kill(stubbed.pids[0]!, 'SIGKILL');
  expect(await stubbed.lost).toBe(`stub-${restarts + 1} was ended by SIGKILL; its last output: goodbye`);
  expect(stubbed.pids).toEqual([]);
});

test('frozen and thawed, it is the same process, and not lost', async () => {
  using root = temporaryFolder();
  await using stubbed = await startProcess(stub(root.path));
  const { pids } = stubbed;
  await stubbed.faultTarget.signal('SIGSTOP');
  await stubbed.faultTarget.signal('SIGCONT');
  expect(stubbed.pids).toEqual(pids);
  expect(await lostByNow(stubbed.lost)).toBe(NOT_LOST);
});

test('one that does not come back is lost, and leaves no process', async () => {
  using root = temporaryFolder();
  const refuse = async (_signal: AbortSignal, life: number) => {
    if (life === 2) throw new Error('it refuses');
  };
  await using stubbed = await startProcess(stub(root.path, refuse));
  await stubbed.faultTarget.signal('SIGKILL');
  await stubbed.faultTarget.ended();
  await expect(stubbed.faultTarget.restart()).rejects.toThrow('it refuses');
  expect(await stubbed.lost).toContain('it refuses');
  expect(stubbed.pids).toEqual([]);
});

test('disposed in the midst of a restart, it ends at once, and that is no loss', async () => {
  using root = temporaryFolder();
  const second = Promise.withResolvers<void>();
  const neverReady: Ready = async (signal, life) => {
    if (life === 1) return;
    second.resolve();
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const stubbed = await startProcess(stub(root.path, neverReady));
  await stubbed.faultTarget.signal('SIGKILL');
  await stubbed.faultTarget.ended();
  const restart = stubbed.faultTarget.restart();
  const failed = expect(restart).rejects.toThrow('stub is to end');
  await second.promise;
  await stubbed[Symbol.asyncDispose]();
  await failed;
  expect(await lostByNow(stubbed.lost)).toBe(NOT_LOST);
});

test('one that ends before it is ready says its last output', async () => {
  using root = temporaryFolder();
  const spawn = async () => {
    const program = await spawnHere.spawn(specOf(root.path, 1));
    await program.signal('SIGKILL');
    return program;
  };
  const useful = (signal: AbortSignal) =>
    new Promise((_, reject) => signal.addEventListener('abort', reject));
  const started = startUntilUseful({ spawn }, specOf(root.path, 1), { label, signal: forever, useful });
  await expect(started).rejects.toMatchObject({
    code: 'no-broker',
    message: 'Stub did not start: stub-1 was ended by SIGKILL; its last output: goodbye',
  });
});

test('an end that was planned without an order begins it again, and a signal waits for that', async () => {
  using root = temporaryFolder();
  const done: string[] = [];
  const ready = () => void done.push('ready');
  await using stubbed = await startProcess({
    ...stub(root.path, async (_signal, life) => void done.push(`life ${life}`)),
    revive: ({ signal }) => (done.push(`${signal}`) === 2 ? { afterMs: 1, ready } : undefined),
  });
  const { program } = stubbed.launched;
  process.kill(program.pid, 'SIGKILL');
  await program.ended;
  await stubbed.faultTarget.signal('SIGSTOP');
  expect(done).toEqual(['life 1', 'SIGKILL', 'life 2', 'ready']);
  await stubbed.faultTarget.signal('SIGCONT');
  expect(await lostByNow(stubbed.lost)).toBe(NOT_LOST);
  // It was planned once.
  process.kill(stubbed.pids[0]!, 'SIGKILL');
  expect(await stubbed.lost).toMatch(/^stub-2 was ended by SIGKILL/);
});

test('disposed while it is to begin again, it does not', async () => {
  using root = temporaryFolder();
  const lives: number[] = [];
  const revived = Promise.withResolvers<void>();
  const stubbed = await startProcess({
    ...stub(root.path, async (_signal, life) => void lives.push(life)),
    revive() {
      revived.resolve();
      return { afterMs: 3_600_000, ready: () => undefined };
    },
  });
  process.kill(stubbed.pids[0]!, 'SIGKILL');
  await revived.promise;
  await stubbed[Symbol.asyncDispose]();
  expect(lives).toEqual([1]);
  expect(await lostByNow(stubbed.lost)).toBe(NOT_LOST);
});

test('it is ended in its own way, and measured with what belongs to it', async () => {
  using root = temporaryFolder();
  const stopped: number[] = [];
  const stop = async (program: Program) => {
    stopped.push(program.pid);
    await program.stop();
  };
  const stubbed = await startProcess({
    ...stub(root.path),
    pidsOf: ({ program }) => [program.pid, process.pid],
    stop,
  });
  const { pid } = stubbed.launched.program;
  expect(stubbed.pids).toEqual([pid, process.pid]);
  // A helper may be in another process group, where no signal comes.
  expect(stubbed.faultTarget.pids).toEqual([pid]);
  await stubbed[Symbol.asyncDispose]();
  expect(stopped).toEqual([pid]);
  expect(stubbed.pids).toEqual([]);
});
