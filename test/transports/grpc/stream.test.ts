import { describe, expect, it } from 'vitest';
import type { Handled } from '../../../src/kernel/contract.ts';
import type { Connection, SendOptions, SendResult, StreamHandler } from '../../../src/kernel/transport.ts';
import { openProxy } from '../../support/proxy.ts';
import { createSink } from '../../support/sink.ts';
import { connect, echo, messageOf, serve } from './grpc-bench.ts';

const ASK = messageOf('streamUserEvents', { user_id: 'u-1' }, 3);
const done = (timestamp: number, userId = 'u-1'): Handled => {
  return { kind: 'done', body: { user_id: userId, type: 'UPDATED', timestamp } };
};

/** How a stream of a service came to its end. */
interface Ended {
  readonly given: number;
  readonly aborted: boolean;
}

/** Gives out items, waiting for the test before each; tells how it ended. */
function streamOf(items: (index: number) => Handled | Promise<Handled>, count = 10_000) {
  const ended = Promise.withResolvers<Ended>();
  const handler: StreamHandler = async function* (_message, signal) {
    let given = 0;
    try {
      for (; given < count; given++) yield await items(given);
    } finally {
      ended.resolve({ given, aborted: signal.aborted });
    }
  };
  return { handler, ended: ended.promise };
}

async function collect(connection: Connection, options?: SendOptions): Promise<SendResult[]> {
  return Array.fromAsync(connection.open!(ASK, options));
}

describe('a gRPC stream', () => {
  it('brings the items in their order, and ends', async () => {
    await using server = await serve(echo, {}, streamOf(done, 50).handler);
    await using connection = await connect(server.address);
    const results = await collect(connection);
    expect(results).toEqual(Array.from({ length: 50 }, (_, i) => ({ ...done(i), kind: 'reply' })));
  });

  it('may have no items', async () => {
    await using server = await serve(echo, {}, streamOf(done, 0).handler);
    await using connection = await connect(server.address);
    expect(await collect(connection)).toEqual([]);
  });

  it('brings each item when it is there, not when the stream ends', async () => {
    const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
    const stream = streamOf(async (i) => {
      await gates[i]!.promise;
      return done(i);
    }, 3);
    await using server = await serve(echo, {}, stream.handler);
    await using connection = await connect(server.address);
    let received = 0;
    gates[0]!.resolve();
    // The next item is made only after this one has arrived.
    for await (const item of connection.open!(ASK)) {
      expect(item).toMatchObject({ kind: 'reply', body: { timestamp: received } });
      gates[++received]?.resolve();
    }
    expect(received).toBe(3);
  });

  it('hands the message and its envelope to the service', async () => {
    const seen = createSink();
    await using server = await serve(echo, {}, async function* (message) {
      seen.put(message);
      yield done(0);
    });
    await using connection = await connect(server.address);
    expect(await collect(connection)).toHaveLength(1);
    expect(seen.items).toEqual([{ ...ASK, redelivered: false }]);
  });

  it.each([true, false])('ends with a failure, with its promise (no effect: %s)', async (noEffect) => {
    const failed = { kind: 'failed', status: 'not-found', noEffect, detail: 'seeded' } as const;
    const stream = streamOf((i) => (i < 2 ? done(i) : failed));
    await using server = await serve(echo, {}, stream.handler);
    await using connection = await connect(server.address);
    const results = await collect(connection);
    expect(results.slice(0, 2).map((result) => result.kind)).toEqual(['reply', 'reply']);
    expect(results.slice(2)).toEqual([
      { kind: 'failure', outcome: 'error', status: 5, answered: 'not-found', noEffect, detail: 'seeded' },
    ]);
    expect(await stream.ended).toMatchObject({ given: 2 });
  });

  it('is broken off when its caller leaves', async () => {
    const stream = streamOf(done);
    await using server = await serve(echo, {}, stream.handler);
    await using connection = await connect(server.address);
    for await (const item of connection.open!(ASK)) {
      expect(item).toMatchObject({ kind: 'reply' });
      break;
    }
    expect(await stream.ended).toMatchObject({ aborted: true });
    // One call was lost, not the connection.
    expect(await connection.send(messageOf('nothing', {}))).toMatchObject({ kind: 'reply' });
  });

  it('says timeout when our wait ends, and its work is broken off', async () => {
    const wait = new AbortController();
    const stream = streamOf(async (i) => {
      if (i === 2) wait.abort();
      return done(i);
    });
    await using server = await serve(echo, {}, stream.handler);
    await using connection = await connect(server.address);
    const results = await collect(connection, { signal: wait.signal });
    expect(results.at(-1)).toMatchObject({ kind: 'failure', outcome: 'timeout', noEffect: false });
    expect(await stream.ended).toMatchObject({ aborted: true });
  });

  it('is not asked for by a caller who waits no more', async () => {
    let asked = 0;
    await using server = await serve(echo, {}, async function* () {
      asked++;
      yield done(0);
    });
    await using connection = await connect(server.address);
    const results = await collect(connection, { signal: AbortSignal.abort() });
    expect(results).toMatchObject([{ kind: 'failure', outcome: 'timeout', noEffect: true }]);
    await connection.send(messageOf('nothing', {}));
    expect(asked).toBe(0);
  });

  it('keeps a fast service from running ahead of a slow caller', async () => {
    const COUNT = 500;
    let made = 0;
    const stream = streamOf((i) => {
      made = i + 1;
      return done(i, 'u'.repeat(20_000));
    }, COUNT);
    await using server = await serve(echo, {}, stream.handler);
    await using connection = await connect(server.address);
    let received = 0;
    for await (const item of connection.open!(ASK)) {
      expect(item).toMatchObject({ kind: 'reply' });
      if (++received > 1) continue;
      // Many turns of both sides' loops, and nobody takes an item.
      for (let i = 0; i < 50; i++) await connection.send(messageOf('nothing', {}));
      expect(made).toBeLessThan(COUNT / 4);
    }
    expect(received).toBe(COUNT);
  });

  it('is lost with its connection, amid its items', async () => {
    const stream = streamOf(async (i) => {
      if (i === 3) await cut();
      return done(i);
    });
    await using server = await serve(echo, {}, stream.handler);
    await using proxy = await openProxy(server.address);
    const cut = (): Promise<void> => proxy.cut();
    await using connection = await connect(proxy.address);
    const results = await collect(connection);
    expect(results.at(-1)).toMatchObject({ kind: 'failure', outcome: 'connection-lost', noEffect: false });
    expect(await stream.ended).toMatchObject({ aborted: true });
    expect(await collect(connection)).toMatchObject([{ outcome: 'refused', noEffect: true }]);
  });

  it('is settled when the connection is given up', async () => {
    const stream = streamOf(async (i) => (i === 0 ? done(0) : new Promise<Handled>(() => undefined)));
    await using server = await serve(echo, {}, stream.handler);
    const connection = await connect(server.address);
    const results: SendResult[] = [];
    for await (const item of connection.open!(ASK)) {
      results.push(item);
      if (results.length === 1) await connection[Symbol.asyncDispose]();
    }
    expect(results).toMatchObject([{ kind: 'reply' }, { outcome: 'connection-lost', noEffect: false }]);
  });
});
