import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { openDaemonServer, type DaemonServer } from '../../../src/components/broker/daemon-server.ts';
import {
  describePersistent,
  daemonSocket,
  type PersistentBroker,
  leasePersistent,
  stopPersistent,
} from '../../../src/components/broker/persistent.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const forever = new AbortController().signal;
const LONG_MS = 3_600_000;

/** A broker daemon ear without a broker daemon: what it describes can be set. */
async function openEar(cacheFolder: string, idleMs = LONG_MS) {
  const broker = {
    name: 'rabbitmq',
    daemonPid: process.pid,
    state: 'up' as PersistentBroker['state'],
    url: 'amqp://guest:guest@127.0.0.1:1',
    version: '3.10.8',
    source: 'package-cache',
    pids: [1, 2],
    sinceMs: 0,
  };
  const ended = Promise.withResolvers<string>();
  const server: DaemonServer = await openDaemonServer({
    socketPath: daemonSocket(cacheFolder, 'rabbitmq'),
    idleMs,
    describe: () => broker,
    onEnd: ended.resolve,
  });
  return { broker, server, ended: ended.promise };
}

test('nothing is kept where nobody listens', async () => {
  using root = temporaryFolder();
  expect(await describePersistent(root.path, 'rabbitmq', forever)).toBeUndefined();
  expect(await leasePersistent(root.path, 'rabbitmq', forever)).toBeUndefined();
  expect(await stopPersistent(root.path, 'rabbitmq', forever)).toBe(true);
});

test('a run that uses the broker is counted until its connection ends, however it ends', async () => {
  using root = temporaryFolder();
  const { server } = await openEar(root.path);
  await using _server = server;
  const users = async () => (await describePersistent(root.path, 'rabbitmq', forever))?.users;
  expect(await users()).toBe(0);
  const lease = (await leasePersistent(root.path, 'rabbitmq', forever))!;
  await expect.poll(users).toBe(1);
  lease[Symbol.dispose]();
  await expect.poll(users).toBe(0);
});

test('idle time is counted only while nobody uses it, and looking at it is no use', async () => {
  using root = temporaryFolder();
  const { server } = await openEar(root.path);
  await using _server = server;
  server.changed();
  const found = async () => (await describePersistent(root.path, 'rabbitmq', forever))!;
  expect((await found()).endsAtMs).toBeGreaterThan(Date.now());
  using lease = (await leasePersistent(root.path, 'rabbitmq', forever))!;
  await expect.poll(async () => (await found()).endsAtMs).toBeNull();
  void lease;
});

test('an idle broker is ended', async () => {
  using root = temporaryFolder();
  const { server, ended } = await openEar(root.path, 1);
  await using _server = server;
  server.changed();
  expect(await ended).toBe('idle');
});

test('a broker that only starts is not used', async () => {
  using root = temporaryFolder();
  const { server, broker } = await openEar(root.path);
  await using _server = server;
  broker.state = 'starting';
  expect(await leasePersistent(root.path, 'rabbitmq', forever)).toBeUndefined();
});

test('the order to stop reaches the broker daemon, and stopping is waited for', async () => {
  using root = temporaryFolder();
  const { server, ended } = await openEar(root.path);
  const order: string[] = [];
  const stopped = stopPersistent(root.path, 'rabbitmq', forever).then((isOver) =>
    order.push(`told: ${isOver}`),
  );
  expect(await ended).toBe('asked');
  // As long as nobody ends it, nobody is told so.
  await sleep(50);
  order.push('ending');
  await server[Symbol.asyncDispose]();
  await stopped;
  expect(order).toEqual(['ending', 'told: true']);
});

test('who uses a broker that is lost hears its last output', async () => {
  using root = temporaryFolder();
  const { server } = await openEar(root.path);
  using lease = (await leasePersistent(root.path, 'rabbitmq', forever))!;
  server.broadcast({ type: 'lost', words: 'out of memory' });
  await server[Symbol.asyncDispose]();
  expect(await lease.lost).toBe('out of memory');
});

test('a socket outside of the cache is in a folder of this user alone', () => {
  using shared = temporaryFolder();
  vi.stubEnv('TMPDIR', shared.path);
  vi.stubEnv('XDG_RUNTIME_DIR', undefined);
  const deep = path.join('/', ...Array.from({ length: 30 }, () => 'folder'));
  const folder = path.dirname(daemonSocket(deep, 'rabbitmq'));
  expect(statSync(folder)).toMatchObject({ uid: process.getuid!(), mode: 0o40700 });
  // Anybody could listen in it.
  chmodSync(folder, 0o777);
  expect(() => daemonSocket(deep, 'rabbitmq')).toThrow('to be a folder of this user alone');
  // Where even that one has too long a path.
  const long = path.join(shared.path, 'x'.repeat(100));
  mkdirSync(long);
  vi.stubEnv('TMPDIR', long);
  expect(daemonSocket(deep, 'rabbitmq')).toMatch(/^\/tmp\/commbench-\d+\/broker-/);
});

test.each(['amqp://guest:guest@10.1.2.3:5672', 'amqp://localhost.example.org', 'no URL'])(
  'a broker at %s is not believed to be ours',
  async (url) => {
    using root = temporaryFolder();
    const { server, broker } = await openEar(root.path);
    await using _server = server;
    broker.url = url;
    expect(await describePersistent(root.path, 'rabbitmq', forever)).toBeUndefined();
    expect(await leasePersistent(root.path, 'rabbitmq', forever)).toBeUndefined();
    broker.url = 'amqp://guest:guest@[::1]:5672';
    expect(await describePersistent(root.path, 'rabbitmq', forever)).toMatchObject({ url: broker.url });
  },
);

test("what is no socket, or somebody else's, is not asked", async () => {
  using root = temporaryFolder();
  const socket = daemonSocket(root.path, 'rabbitmq');
  mkdirSync(path.dirname(socket));
  writeFileSync(socket, '');
  expect(await describePersistent(root.path, 'rabbitmq', forever)).toBeUndefined();
  rmSync(socket);
  const { server } = await openEar(root.path);
  await using _server = server;
  expect(await describePersistent(root.path, 'rabbitmq', forever)).toBeDefined();
  vi.spyOn(process, 'getuid').mockReturnValue(process.getuid!() + 1);
  expect(await describePersistent(root.path, 'rabbitmq', forever)).toBeUndefined();
});

test('a socket path stays within what the system takes, and one per cache folder', () => {
  const deep = path.join('/', ...Array.from({ length: 30 }, () => 'folder'));
  const paths = [
    daemonSocket(deep, 'a'),
    daemonSocket(deep, 'b'),
    daemonSocket(`${deep}x`, 'a'),
    daemonSocket('/c', 'a'),
  ];
  expect(paths.every((it) => Buffer.byteLength(it) < 108)).toBe(true);
  expect(new Set(paths).size).toBe(4);
});
