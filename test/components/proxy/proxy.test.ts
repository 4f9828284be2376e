import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NS_PER_MS, nowNs } from '../../../src/kernel/clock.ts';
import { applyNow, liftNow } from '../../support/faults/at-once.ts';
import { definition as kill } from '../../../src/faults/kill.ts';
import { findByEnvironment } from '../../../src/platform/process/proc.ts';
import { silentProgress } from '../../../src/trial/progress.ts';
import { definition as kafka } from '../../../src/transports/kafka/index.ts';
import { definition as rabbitmq } from '../../../src/transports/rabbitmq/index.ts';
import { definition as rest } from '../../../src/transports/rest/index.ts';
import { hitsBetween, type RunningProxy, startProxy } from '../../../src/components/proxy/start-proxy.ts';
import { openTestbed, type Testbed } from '../../../src/trial/environment/testbed.ts';
import type { ProxyCounts } from '../../../src/components/proxy/proxy-config.ts';
import { MARK_VARIABLE } from '../../../src/platform/process/run-file.ts';

/** What one side of a connection has heard, and how it ended. */
interface Heard {
  readonly socket: Socket;
  text: string;
  end: 'open' | 'end' | 'ECONNRESET' | 'ECONNREFUSED' | (string & {});
}

let testbed: Testbed & AsyncDisposable;
let target: Server;
/** At the target, in the order in which it accepted them. */
let accepted: Heard[];
let proxy: RunningProxy;
let callers: Heard[];

beforeEach(async () => {
  testbed = await openTestbed({ progress: silentProgress, signal: new AbortController().signal });
  accepted = [];
  callers = [];
  target = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => accepted.push(listenTo(socket)));
  await once(target.listen(0, '127.0.0.1'), 'listening');
  const { port } = target.address() as { port: number };
  proxy = await startProxy(
    testbed,
    { name: 'proxy', target: { url: `http://127.0.0.1:${port}` }, wire: rest.wire },
    testbed.signal,
  );
});
afterEach(async () => {
  for (const { socket } of [...callers, ...accepted]) socket.destroy();
  target.close();
  await testbed[Symbol.asyncDispose]();
});

function listenTo(socket: Socket): Heard {
  const heard: Heard = { socket, text: '', end: 'open' };
  socket.setEncoding('latin1').on('data', (text: string) => (heard.text += text));
  socket.on('end', () => (heard.end = 'end'));
  socket.on('error', (error: NodeJS.ErrnoException) => (heard.end = error.code!));
  return heard;
}

function call(): Heard {
  const port = Number(new URL(proxy.address.url).port);
  const caller = listenTo(connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }));
  callers.push(caller);
  return caller;
}

/** Until it is so; the test's own bound ends it. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

async function untilCounted(isSo: (counts: ProxyCounts) => boolean): Promise<ProxyCounts> {
  for (;;) {
    const counts = await proxy.observed();
    if (isSo(counts)) return counts;
  }
}

/** A caller that the target has heard. */
async function open(words: string): Promise<{ caller: Heard; system: Heard }> {
  const caller = call();
  caller.socket.write(words);
  const before = accepted.length;
  await until(() => accepted[before]?.text === words);
  return { caller, system: accepted[before]! };
}

describe('a proxy', () => {
  it('hands on every byte both ways, and each side its own end', async () => {
    const { caller, system } = await open('hello');
    const sent = Array.from({ length: 40_000 }, (_, i) => String(i)).join(',');
    for (let at = 0, step = 1; at < sent.length; at += step, step = ((step * 7) % 4099) + 1)
      caller.socket.write(sent.slice(at, at + step));
    caller.socket.end();
    await until(() => system.end === 'end');
    expect(system.text).toBe(`hello${sent}`);
    system.socket.end(sent);
    await until(() => caller.end === 'end');
    expect(caller.text).toBe(sent);
    expect(await untilCounted(({ open: still }) => still === 0)).toEqual({
      connections: 1,
      open: 0,
      dropped: 0,
      unreached: 0,
      bytesUp: sent.length + 5,
      bytesDown: sent.length,
      closed: 0,
      reset: 0,
      starved: 0,
      heldChunks: 0,
      heldBytes: 0,
    });
  });

  it('refuses: open connections are closed, new ones refused, until it listens where it did', async () => {
    const { caller, system } = await open('a');
    expect((await proxy.set({ kind: 'refuse' })).counts).toMatchObject({
      closed: 1,
      reset: 0,
      connections: 1,
    });
    await until(() => caller.end === 'end' && system.end === 'end');
    const refused = call();
    await until(() => refused.end !== 'open');
    expect(refused.end).toBe('ECONNREFUSED');
    await proxy.set({ kind: 'refuse' });
    await proxy.set(null);
    await open('b');
    expect(await proxy.observed()).toMatchObject({ connections: 2, open: 1, closed: 1 });
  });

  it('resets: both ends of open connections, and each new one', async () => {
    const { caller, system } = await open('a');
    await proxy.set({ kind: 'reset' });
    await until(() => caller.end !== 'open' && system.end !== 'open');
    expect([caller.end, system.end]).toEqual(['ECONNRESET', 'ECONNRESET']);
    const fresh = call();
    await until(() => fresh.end !== 'open');
    expect(fresh.end).toBe('ECONNRESET');
    expect(accepted).toHaveLength(1);
    expect((await proxy.set(null)).counts).toMatchObject({ reset: 2, closed: 0 });
    await open('b');
  });

  it('is a black hole: nothing passes either way until it is lifted, then everything in order', async () => {
    const { caller, system } = await open('a');
    const { counts: before } = await proxy.set({ kind: 'black-hole' });
    for (const word of ['b', 'c', 'd']) caller.socket.write(word);
    caller.socket.end();
    system.socket.write('xyz');
    const starved = call();
    starved.socket.end('new');
    const during = await untilCounted(({ heldBytes }) => heldBytes === 9);
    expect(during).toMatchObject({ starved: 1, bytesUp: 1, bytesDown: 0, open: 2 });
    expect(hitsBetween(before, during)).toBe(during.heldChunks + 1);
    expect({ system: system.text, caller: caller.text, ends: [system.end, caller.end] }).toEqual({
      system: 'a',
      caller: '',
      ends: ['open', 'open'],
    });
    expect(accepted).toHaveLength(1);
    await proxy.set(null);
    await until(() => system.end === 'end' && caller.text === 'xyz' && accepted[1]?.end === 'end');
    expect([system.text, accepted[1]!.text]).toEqual(['abcd', 'new']);
  });

  it('never tells the target of a caller who came and went in a black hole', async () => {
    await proxy.set({ kind: 'black-hole' });
    const gone = call();
    gone.socket.write('never heard');
    await untilCounted(({ heldBytes }) => heldBytes > 0);
    gone.socket.resetAndDestroy();
    await untilCounted(({ open: still }) => still === 0);
    await proxy.set(null);
    await open('heard');
    expect(accepted).toHaveLength(1);
  });

  it('holds no more than it may: the rest stays with its sender', async () => {
    const { caller, system } = await open('a');
    await proxy.set({ kind: 'black-hole' });
    const sent = 'b'.repeat(32 * 1024 * 1024);
    caller.socket.write(sent);
    await untilCounted(({ heldBytes }) => heldBytes >= 1024 * 1024);
    expect((await proxy.observed()).heldBytes).toBeLessThanOrEqual(1024 * 1024 + 65_536);
    await proxy.set(null);
    await until(() => system.text.length === sent.length + 1);
    expect(system.text).toBe(`a${sent}`);
  });

  it.each([{ kind: 'delay', ms: 60_000 } as const, { kind: 'bandwidth', bytesPerS: 100 } as const])(
    '$kind: what is on its way comes whole, and at once when it is lifted',
    async (state) => {
      const { caller, system } = await open('a');
      await proxy.set(state);
      const sent = 'sent'.repeat(10_000);
      caller.socket.write(sent);
      await untilCounted(({ heldBytes }) => heldBytes === sent.length);
      expect(system.text.length).toBeLessThan(sent.length);
      await proxy.set(null);
      await until(() => system.text.length === sent.length + 1);
      expect(system.text).toBe(`a${sent}`);
    },
  );

  it('resets a caller whose target is not there, and counts it', async () => {
    target.close();
    const lonely = call();
    await until(() => lonely.end !== 'open');
    expect(lonely.end).toBe('ECONNRESET');
    expect(await proxy.observed()).toMatchObject({ unreached: 1, open: 0 });
  });

  it('passes a reset on, also to the one who is waiting', async () => {
    const { caller, system } = await open('a');
    system.socket.resetAndDestroy();
    await until(() => caller.end !== 'open');
    expect(caller.end).toBe('ECONNRESET');
  });

  it('changes at the instants that it knows beforehand, and says when it did', async () => {
    const atNs = nowNs() + 50 * NS_PER_MS;
    const ends = [{ kind: 'refuse' } as const, null].map((state, i) =>
      proxy.set(state, { atNs: atNs + i * 50 * NS_PER_MS }),
    );
    const [on, off] = await Promise.all(ends);
    // Timers may be early by a part of a millisecond.
    expect(on!.beganNs).toBeGreaterThan(atNs - NS_PER_MS);
    expect(on!.inForceNs).toBeGreaterThanOrEqual(on!.beganNs);
    expect(off!.beganNs).toBeGreaterThan(atNs + 49 * NS_PER_MS);
    await open('b');
  });

  it('is killed and comes back where it was, as every component may be', async () => {
    const { caller } = await open('a');
    await applyNow(kill, proxy.faultTarget!);
    await until(() => caller.end !== 'open');
    expect(proxy.pids).toEqual([]);
    await liftNow(kill, proxy.faultTarget!);
    await open('b');
    expect(await proxy.observed()).toMatchObject({ connections: 1, open: 1 });
    expect(await Promise.race([proxy.lost, Promise.resolve('not lost')])).toBe('not lost');
  });

  it('ends with its hub, in mid-fault too, and says so', async () => {
    await proxy.set({ kind: 'black-hole' });
    const before = living();
    await testbed.hub[Symbol.asyncDispose]();
    expect(await proxy.lost).toMatch(/proxy ended/);
    expect(living()).toBe(before - 1);
  });

  it('ends when it is disposed, and is not lost then', async () => {
    let isLost = false;
    const before = living();
    void proxy.lost.then(() => (isLost = true));
    await proxy[Symbol.asyncDispose]();
    expect(isLost).toBe(false);
    expect(living()).toBe(before - 1);
  });
});

/** Processes of this testbed, by the mark that they carry. */
function living(): number {
  return findByEnvironment(MARK_VARIABLE, testbed.mark).length;
}

describe('the address through a proxy', () => {
  it('is the target’s own but for host and port', async () => {
    const port = new URL(proxy.address.url).port;
    const url = (target.address() as { port: number }).port;
    const address = { url: `amqp://guest:secret@127.0.0.1:${url}/host`, queue: 'q' };
    await using other = await startProxy(
      testbed,
      { name: 'other', target: address, wire: rabbitmq.wire },
      testbed.signal,
    );
    const own = new URL(other.address.url).port;
    expect(own).not.toBe(port);
    expect(other.address).toEqual({ url: `amqp://guest:secret@127.0.0.1:${own}/host`, queue: 'q' });
  });

  it('stands before a target with TLS, whose own name goes with its address', async () => {
    const given = 'https://localhost:8443/orders';
    const secure = { url: given, given };
    await using other = await startProxy(
      testbed,
      { name: 'tls', target: secure, wire: rest.wire },
      testbed.signal,
    );
    const { port: own } = new URL(other.address.url);
    expect(other.address).toEqual({ url: `https://127.0.0.1:${own}/orders`, given });
  });

  it.each([
    ['kafka://127.0.0.1:9092', kafka.wire, /several brokers/],
    ['amqps://127.0.0.1:5671', rabbitmq.wire, /amqps/],
  ])('is refused for %s', async (url, wire, words) => {
    const none = { name: 'none', target: { url }, wire };
    await expect(startProxy(testbed, none, testbed.signal)).rejects.toThrow(words);
  });
});
