import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyNow, liftNow } from '../../support/faults/at-once.ts';
import { cacheFolder } from '../../../src/platform/packages/cache-folder.ts';
import type { StartedBroker } from '../../../src/kernel/broker.ts';
import type { ComponentPlan } from '../../../src/kernel/component.ts';
import { definition as freeze } from '../../../src/faults/freeze.ts';
import { definition as kill } from '../../../src/faults/kill.ts';
import { findByEnvironment, identify, isAlive, statOf } from '../../../src/platform/process/proc.ts';
import type { Handler, Incoming } from '../../../src/kernel/transport.ts';
import { MARK_VARIABLE } from '../../../src/platform/process/run-file.ts';
import { openRunFolder, type RunFolder } from '../../../src/platform/process/run-folder.ts';
import { startSupervisor, type Supervisor } from '../../../src/platform/process/supervisor.ts';
import { broker as rabbitmqBroker } from '../../../src/components/broker/rabbitmq/broker.ts';
import { connectRabbitmq } from '../../../src/transports/rabbitmq/client.ts';
import { rabbitmqOptionsSchema } from '../../../src/transports/rabbitmq/options.ts';
import { provisionRabbitmq } from '../../../src/transports/rabbitmq/provision.ts';
import { serveRabbitmq } from '../../../src/transports/rabbitmq/server.ts';
import { commbench } from '../../support/cli.ts';
import { createUser } from '../../support/messages.ts';
import { createSink } from '../../support/sink.ts';
import { listeningAddresses, LOOPBACK } from '../listening.ts';

const HANG_GUARD_MS = 180_000;
const signal = AbortSignal.timeout(10 * HANG_GUARD_MS);

let run: RunFolder;
let supervisor: Supervisor;
/** A cache of its own, so that a broker which the user keeps is neither met nor ended; its packages are the user's. */
let cacheHome: string;

beforeAll(async () => {
  run = openRunFolder();
  supervisor = await startSupervisor(run);
  cacheHome = mkdtempSync(path.join(tmpdir(), 'commbench-test-'));
  mkdirSync(path.join(cacheHome, 'commbench'));
  mkdirSync(path.join(cacheFolder(), 'brokers'), { recursive: true });
  symlinkSync(path.join(cacheFolder(), 'brokers'), path.join(cacheHome, 'commbench/brokers'));
  const plan = await find();
  if (plan.state === 'available' && plan.fetch) {
    await (await rabbitmqBroker.start(plan, context()))[Symbol.asyncDispose]();
  }
}, HANG_GUARD_MS);

afterAll(async () => {
  await supervisor[Symbol.asyncDispose]();
  run[Symbol.dispose]();
  rmSync(cacheHome, { recursive: true, force: true });
}, HANG_GUARD_MS);

function context(url?: string) {
  return {
    url,
    cacheFolder: path.join(cacheHome, 'commbench'),
    signal,
    spawner: supervisor,
    folder: run.folder,
    progress: (line: string) => void process.stderr.write(`${line}\n`),
  };
}

function find(url?: string): Promise<ComponentPlan> {
  return rabbitmqBroker.find(context(url));
}

/** What would be started by programs of ours; a container is not ours to kill, and none is started for this. */
async function ownPlan(skip: (why: string) => never) {
  const plan = await find();
  if (plan.state === 'unavailable')
    return skip(`no RabbitMQ: ${plan.searched.join('; ')}. Cure: ${plan.hint}`);
  return plan.source === 'compose' ? skip('RabbitMQ only by docker compose here') : plan;
}

async function startOwn(skip: (why: string) => never): Promise<StartedBroker> {
  return rabbitmqBroker.start(await ownPlan(skip), context());
}

test('a broker of ours takes messages, listens on loopback only, and is wholly gone afterwards', async (ctx) => {
  const broker = await startOwn(ctx.skip);
  const processes = broker.pids.map(identify);
  try {
    expect(broker.version).toMatch(/^\d+\.\d+/);
    expect(await broker.warm(signal)).toMatch(/^5000 persistent messages confirmed and consumed/);
    expect(processes.every(isAlive)).toBe(true);
    const addresses = broker.pids.flatMap(listeningAddresses);
    expect(addresses.length).toBeGreaterThanOrEqual(3);
    expect(addresses.filter((address) => !LOOPBACK.has(address))).toEqual([]);
  } finally {
    await broker[Symbol.asyncDispose]();
  }
  await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

test('its pid is the broker itself: kill -9 is told with its last output, and nothing stays', async (ctx) => {
  const broker = await startOwn(ctx.skip);
  const processes = broker.pids.map(identify);
  try {
    expect(readFileSync(`/proc/${broker.pids[0]}/comm`, 'utf8')).toBe('beam.smp\n');
    process.kill(broker.pids[0]!, 'SIGKILL');
    expect(await broker.lost).toMatch(/was ended by SIGKILL/);
  } finally {
    await broker[Symbol.asyncDispose]();
  }
  await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

/** A queue on this broker with a publisher that comes back, and a look at all that the queue holds. */
async function openQueue({ url }: StartedBroker) {
  const options = rabbitmqOptionsSchema.parse({ reconnectDelayMs: 20 });
  const interaction = 'work-queue';
  const provisioned = await provisionRabbitmq({
    options,
    interaction,
    concurrency: 50,
    subscribers: 1,
    brokerUrl: url,
    prefix: 'commbench.test.faults',
  });
  const { address } = provisioned;
  const connection = await connectRabbitmq(address, { options, interaction });
  return {
    send: connection.send,
    /** Takes messages until these are all there. */
    async drain(expected: ReadonlySet<number>): Promise<number[]> {
      const seen = createSink<Incoming>();
      const handler: Handler = async (message) => {
        seen.put(message);
        return { kind: 'done', body: {} };
      };
      await using _ = await serveRabbitmq(handler, {
        options,
        interaction,
        concurrency: 50,
        subscriber: 0,
        address,
      });
      const sequences = () => seen.items.map(({ envelope }) => envelope.sequence);
      while (!expected.isSubsetOf(new Set(sequences()))) await seen.holds(seen.items.length + 1);
      return sequences();
    },
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      await provisioned[Symbol.asyncDispose]();
    },
  };
}

const isConclusive = (lost: Promise<string>) =>
  Promise.race([lost.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);

test('a fault kills it with -9 and brings it back on its data: what was confirmed is there', async (ctx) => {
  const broker = await startOwn(ctx.skip);
  const processes = broker.pids.map(identify);
  const target = broker.faultTarget!;
  try {
    await using queue = await openQueue(broker);
    const [firstPid] = target.pids;
    const confirmed = new Set<number>();
    const send = async (sequence: number) => {
      const result = await queue.send(createUser(sequence));
      if (result.kind === 'ack') confirmed.add(sequence);
      return result;
    };
    await Promise.all(Array.from({ length: 300 }, (_, i) => send(i)));
    expect(confirmed.size).toBe(300);
    const amid = Array.from({ length: 500 }, (_, i) => send(300 + i));
    await Promise.race(amid);
    await applyNow(kill, target);
    expect(target.pids).toEqual([]);
    const outcomes = (await Promise.all(amid)).map((r) => (r.kind === 'failure' ? r.outcome : r.kind));
    expect(outcomes.filter((outcome) => outcome !== 'ack' && outcome !== 'connection-lost')).toEqual([]);

    await liftNow(kill, target);
    processes.push(...broker.pids.map(identify));
    expect(target.pids).toHaveLength(1);
    expect(target.pids[0]).not.toBe(firstPid);
    expect(await isConclusive(broker.lost)).toBe(false);
    let sequence = 1000;
    // Refused at once while the connection is down: without a turn of the loop it would never come back.
    for (; (await send(sequence)).kind !== 'ack'; sequence++) await turn();
    const found = await queue.drain(confirmed);
    expect(found.filter((s, i) => found.indexOf(s) !== i)).toEqual([]);
    process.stderr.write(`${confirmed.size} messages were confirmed, ${found.length} found\n`);

    process.kill(target.pids[0]!, 'SIGKILL');
    expect(await broker.lost).toMatch(/was ended by SIGKILL/);
  } finally {
    await broker[Symbol.asyncDispose]();
  }
  await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

test('a fault freezes it: nothing is refused, and all is confirmed when it goes on', async (ctx) => {
  await using broker = await startOwn(ctx.skip);
  await using queue = await openQueue(broker);
  await applyNow(freeze, broker.faultTarget!);
  expect(statOf(broker.faultTarget!.pids[0]!)?.state).toBe('T');
  const sent = Array.from({ length: 20 }, (_, i) => queue.send(createUser(i)));
  await liftNow(freeze, broker.faultTarget!);
  expect((await Promise.all(sent)).map(({ kind }) => kind)).toEqual(sent.map(() => 'ack'));
  expect(await isConclusive(broker.lost)).toBe(false);
});

test('disposed of while it comes back, it leaves nothing', async (ctx) => {
  const broker = await startOwn(ctx.skip);
  const processes = broker.pids.map(identify);
  const target = broker.faultTarget!;
  await applyNow(kill, target);
  const back = target.restart();
  back.catch(() => undefined);
  await broker[Symbol.asyncDispose]();
  await expect(back).rejects.toThrow();
  expect(target.pids).toEqual([]);
  expect(await isConclusive(broker.lost)).toBe(false);
  await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  await expect.poll(() => findByEnvironment(MARK_VARIABLE, run.mark), { timeout: 10_000 }).toEqual([]);
});

test('a broker given by URL is used, and is not ours to kill', async (ctx) => {
  await using own = await startOwn(ctx.skip);
  const plan = await find(own.url);
  expect(plan).toMatchObject({ state: 'available', source: 'url', version: own.version });
  expect(JSON.stringify(plan)).not.toContain('guest:guest');
  const given = await rabbitmqBroker.start(plan, context(own.url));
  expect(given.pids).toEqual([]);
  expect(given.faultTarget).toBeUndefined();
  await given[Symbol.asyncDispose]();
  expect(isAlive(identify(own.pids[0]!))).toBe(true);
});

test('a URL where nobody answers is unavailable, and no other broker is taken instead', async () => {
  const plan = await find('amqp://ana:s3cret@127.0.0.1:1');
  expect(plan).toMatchObject({ state: 'unavailable', searched: [expect.stringContaining('ECONNREFUSED')] });
  expect(JSON.stringify(plan)).not.toContain('s3cret');
});

test('a URL of another machine is refused before anything is sent there', async () => {
  await expect(find('amqp://192.0.2.7')).rejects.toMatchObject({ code: 'remote-target' });
});

test(
  'up keeps a broker between runs; kill -9 of its broker daemon ends it',
  { timeout: HANG_GUARD_MS },
  async (ctx) => {
    const unkept = await ownPlan(ctx.skip);
    const env = { XDG_CACHE_HOME: cacheHome };
    try {
      expect(commbench(['up', 'rabbitmq'], { env })).toMatchObject({ code: 0 });
      const { brokers } = JSON.parse(commbench(['status', '--json'], { env }).stdout);
      expect(brokers).toMatchObject([{ name: 'rabbitmq', state: 'up', users: 0 }]);
      const processes = [...brokers[0].pids, brokers[0].daemonPid].map(identify);

      const plan = await find();
      expect(plan).toMatchObject({ state: 'available', source: 'persistent' });
      const used = await rabbitmqBroker.start(plan, context());
      expect(used.pids).toEqual(brokers[0].pids);
      expect(used.faultTarget).toBeUndefined();
      process.kill(brokers[0].daemonPid, 'SIGKILL');
      expect(await used.lost).toBe('its broker daemon ended');
      await used[Symbol.asyncDispose]();

      await expect.poll(() => processes.filter(isAlive), { timeout: 20_000 }).toEqual([]);
      expect(await find()).toMatchObject({ source: unkept.source });
    } finally {
      commbench(['down'], { env });
    }
  },
);

test('down ends what up began; a second up finds the first', { timeout: HANG_GUARD_MS }, async (ctx) => {
  await ownPlan(ctx.skip);
  const env = { XDG_CACHE_HOME: cacheHome };
  try {
    expect(commbench(['up', 'rabbitmq'], { env }).stdout).toContain('is up at amqp://***@127.0.0.1:');
    const pids = () =>
      JSON.parse(commbench(['status', '--json'], { env }).stdout).brokers[0].pids as number[];
    const before = pids();
    expect(commbench(['up', 'rabbitmq'], { env }).code).toBe(0);
    expect(pids()).toEqual(before);
    expect(commbench(['down', 'rabbitmq'], { env })).toMatchObject({
      code: 0,
      stdout: 'RabbitMQ stopped\n',
    });
    expect(before.map(identify).filter(isAlive)).toEqual([]);
    expect(commbench(['status'], { env }).stdout).toContain('RabbitMQ: not running');
  } finally {
    commbench(['down'], { env });
  }
});

test('doctor says what would be used, and starts nothing', () => {
  const filesBefore = readdirSync(path.join(cacheHome, 'commbench'), { recursive: true });
  const { code, stdout } = commbench(['doctor', '--json'], { env: { XDG_CACHE_HOME: cacheHome } });
  const told = JSON.parse(stdout);
  expect(code).toBe(told.complete ? 0 : 6);
  expect(told.brokers).toContainEqual(
    expect.objectContaining({ name: 'rabbitmq', state: expect.stringMatching(/^(un)?available$/) }),
  );
  expect(readdirSync(path.join(cacheHome, 'commbench'), { recursive: true })).toEqual(filesBefore);
});
