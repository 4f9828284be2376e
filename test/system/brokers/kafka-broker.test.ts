import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Admin, Consumer, Producer } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest';
import { applyNow, liftNow } from '../../support/faults/at-once.ts';
import { cacheFolder } from '../../../src/platform/packages/cache-folder.ts';
import { definition as kill } from '../../../src/faults/kill.ts';
import type { StartedBroker } from '../../../src/kernel/broker.ts';
import type { ComponentPlan } from '../../../src/kernel/component.ts';
import {
  findByEnvironment,
  identify,
  isAlive,
  type ProcessIdentity,
} from '../../../src/platform/process/proc.ts';
import { MARK_VARIABLE } from '../../../src/platform/process/run-file.ts';
import { openRunFolder, type RunFolder } from '../../../src/platform/process/run-folder.ts';
import { startSupervisor, type Supervisor } from '../../../src/platform/process/supervisor.ts';
import { broker as kafkaBroker } from '../../../src/components/broker/kafka/broker.ts';
import { pushThroughKafka } from '../../../src/components/broker/kafka/client.ts';
import { warmLikeTrials } from '../../../src/components/broker/kafka/warm-like-trials.ts';
import { listeningAddresses, LOOPBACK } from '../listening.ts';

/** A first time, all is fetched. */
const HANG_GUARD_MS = 180_000;
const signal = AbortSignal.timeout(10 * HANG_GUARD_MS);
const TOPIC = 'kept-through-a-kill';
const SENDERS = 16;

let run: RunFolder;
let supervisor: Supervisor;
/** A cache of its own, so that a broker which the user keeps is not met; what was fetched is the user's. */
let cacheHome: string;
/** One broker for all tests, which take it further and further; the last one ends it. */
let broker: StartedBroker | undefined;
let notStarted = '';

beforeAll(async () => {
  run = openRunFolder();
  supervisor = await startSupervisor(run);
  cacheHome = mkdtempSync(path.join(tmpdir(), 'commbench-test-'));
  mkdirSync(path.join(cacheFolder(), 'brokers'), { recursive: true });
  symlinkSync(path.join(cacheFolder(), 'brokers'), path.join(cacheHome, 'brokers'));
  const plan = await find();
  if (plan.state === 'unavailable') notStarted = `no Kafka: ${plan.searched.join('; ')}. Cure: ${plan.hint}`;
  else if (plan.source === 'compose') notStarted = 'Kafka only by docker compose here';
  else broker = await kafkaBroker.start(plan, context());
}, HANG_GUARD_MS);

afterAll(async () => {
  await broker?.[Symbol.asyncDispose]();
  await supervisor[Symbol.asyncDispose]();
  run[Symbol.dispose]();
  rmSync(cacheHome, { recursive: true, force: true });
}, HANG_GUARD_MS);

function context(url?: string) {
  return {
    url,
    cacheFolder: cacheHome,
    signal,
    spawner: supervisor,
    folder: run.folder,
    progress: (line: string) => void process.stderr.write(`${line}\n`),
  };
}

function find(url?: string): Promise<ComponentPlan> {
  return kafkaBroker.find(context(url));
}

function own({ skip }: TestContext): StartedBroker {
  return broker ?? skip(notStarted);
}

test('a broker of ours is Java itself, of the version said, and listens on loopback only', (ctx) => {
  const { pids, version, url } = own(ctx);
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(url).toMatch(/^kafka:\/\/127\.0\.0\.1:\d+$/);
  expect(pids).toHaveLength(1);
  expect(readFileSync(`/proc/${pids[0]}/comm`, 'utf8')).toBe('java\n');
  const addresses = listeningAddresses(pids[0]!);
  expect(addresses).toHaveLength(2);
  expect(addresses.filter((address) => !LOOPBACK.has(address))).toEqual([]);
});

test('a broker given by URL is used, is not ours to kill, and nothing of ours stays in it', async (ctx) => {
  const { url, pids } = own(ctx);
  const plan = await find(url);
  expect(plan).toMatchObject({ state: 'available', source: 'url' });
  const given = await kafkaBroker.start(plan, context(url));
  expect(given.pids).toEqual([]);
  expect(given.faultTarget).toBeUndefined();
  await given[Symbol.asyncDispose]();
  expect(isAlive(identify(pids[0]!))).toBe(true);
  const admin = new Admin(client(url));
  expect((await admin.listTopics()).filter((name) => name.startsWith('commbench-'))).toEqual([]);
  await admin.close();
});

test('it is warmed by real messages, produced and consumed, of which nothing stays', async (ctx) => {
  const { url } = own(ctx);
  expect(await pushThroughKafka(url, signal, 600)).toMatch(
    /^600 messages acknowledged \(acks=all\), 300 of them consumed, in [\d.]+ s$/,
  );
  const admin = new Admin(client(url));
  // The topic is gone after the reply, but on a busy machine the broker lists it a little longer.
  const topics = async () => (await admin.listTopics()).filter((name) => name.startsWith('commbench-'));
  await expect.poll(topics, { timeout: 10_000 }).toEqual([]);
  expect([...(await admin.listGroups()).keys()]).toEqual([]);
  await admin.close();
});

test("it is warmed by the trials' own traffic until its CPU per message falls no more, of which nothing stays", async (ctx) => {
  const { url, pids } = own(ctx);
  expect(await warmLikeTrials(url, signal, pids)).toMatch(
    /^\d+ messages to 2 groups as in trials, in [\d.]+ s: CPU per message (steady|still falling,) at \d+ µs$/,
  );
  const admin = new Admin(client(url));
  expect((await admin.listTopics()).filter((name) => name.startsWith('commbench-'))).toEqual([]);
  expect([...(await admin.listGroups()).keys()]).toEqual([]);
  await admin.close();
});

test('killed -9 under load and brought back by a fault: every acknowledged message is there, and it was not lost', async (ctx) => {
  const { url, pids, faultTarget, lost } = own(ctx);
  const before = pids;
  let isLost = false;
  void lost.then(() => (isLost = true));
  const admin = new Admin(client(url));
  await admin.createTopics({ topics: [TOPIC], partitions: 4, replicas: 1 });
  await admin.close();

  const acknowledged = await sendUntilKilled(url, () => applyNow(kill, faultTarget!));
  expect(acknowledged.length).toBeGreaterThanOrEqual(500);
  expect(before.map(identify).filter(isAlive)).toEqual([]);
  await liftNow(kill, faultTarget!);
  expect(own(ctx).pids).toHaveLength(1);
  expect(own(ctx).pids).not.toEqual(before);

  const found = await readAll(url);
  expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  expect(isLost).toBe(false);
});

test('an end that nobody ordered is told with the last output, after a restart too; then nothing is left', async (ctx) => {
  const { pids, lost } = own(ctx);
  process.kill(pids[0]!, 'SIGKILL');
  expect(await lost).toMatch(/-2 was ended by SIGKILL; its last output: /);
  await broker![Symbol.asyncDispose]();
  expect(left()).toEqual([]);
});

test('asked to end, it ends by SIGTERM alone', async (ctx) => {
  own(ctx);
  const another = await kafkaBroker.start(await find(), context());
  await another[Symbol.asyncDispose]();
  expect(left()).toEqual([]);
});

test('a URL where nobody answers is unavailable, and no other broker is taken instead', async () => {
  const plan = await find('kafka://127.0.0.1:1');
  expect(plan).toMatchObject({ state: 'unavailable', searched: [expect.stringContaining('ECONNREFUSED')] });
});

test.each([
  ['of another machine', 'kafka://192.0.2.7:9092', 'remote-target'],
  ['of another kind', 'amqp://127.0.0.1', 'bad-option'],
])('a URL %s is refused before anything is sent there', async (_what, url, code) => {
  await expect(find(url)).rejects.toMatchObject({ code });
});

/** Programs of this run that still live: Kafka leaves its process group no helper. */
function left(): ProcessIdentity[] {
  return findByEnvironment(MARK_VARIABLE, run.mark).filter(({ pid }) => pid !== supervisor.reaperPid);
}

function client(url: string) {
  return { clientId: 'test', bootstrapBrokers: [new URL(url).host], retries: 0 };
}

/** Several at once, each message after the last one's acknowledgement; killed in the midst of it. @returns the acknowledged */
async function sendUntilKilled(url: string, killBroker: () => Promise<void>): Promise<number[]> {
  const producer = new Producer(client(url));
  const acknowledged: number[] = [];
  const ids = Array(1_000_000).keys();
  let killed: Promise<void> | undefined;
  const send = async () => {
    for (const id of ids) {
      await producer.send({ acks: -1, messages: [{ topic: TOPIC, value: Buffer.from(String(id)) }] });
      acknowledged.push(id);
      if (acknowledged.length === 500) killed = killBroker();
    }
  };
  await Promise.allSettled(Array.from({ length: SENDERS }, send));
  await killed;
  await producer.close();
  return acknowledged;
}

/** All that the broker has, by its own offsets: a lost message is missing, not waited for. */
async function readAll(url: string): Promise<Set<number>> {
  const found = new Set<number>();
  const consumer = new Consumer({
    ...client(url),
    groupId: 'reader',
    retries: 50,
    retryDelay: 100,
    maxWaitTime: 100,
  });
  const stream = await consumer.consume({ topics: [TOPIC], mode: 'earliest' });
  const ends = await consumer.listOffsets({ topics: [TOPIC] });
  let unread = ends.get(TOPIC)!.reduce((sum, end) => sum + Number(end), 0);
  for await (const message of stream) {
    found.add(Number(message.value));
    if (--unread === 0) break;
  }
  await consumer.close(true);
  return found;
}
