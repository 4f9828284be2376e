import { describe, expect, it } from 'vitest';
import type { Handled } from '../../src/kernel/contract.ts';
import type { SendOptions, SendResult, StreamHandler } from '../../src/kernel/transport.ts';
import { openProxy } from '../support/proxy.ts';
import { createSink } from '../support/sink.ts';
import { openBench, type Subject } from '../support/transport-bench.ts';
import { asking, bodyOf, range, traitsOf } from './place.ts';

const FAILED: Handled = { kind: 'failed', status: 'internal', noEffect: false, detail: 'seeded' };

/** Streams over the port, in this process: item by item, and every way in which one can end. */
export function describeStreams(subject: Subject): void {
  describe.runIf(traitsOf(subject).streams)('a stream', () => {
    flowing(subject);
    ending(subject);
  });
}

function eventOf(index: number): Handled {
  return { kind: 'done', body: { user_id: 'u-1', type: 'UPDATED', timestamp: index } };
}

/** A service that makes each item as the test says, and tells how each of its streams ended. */
async function openStreams(
  subject: Subject,
  item: (index: number, sequence: number) => Handled | Promise<Handled>,
  count = Infinity,
) {
  await using stack = new AsyncDisposableStack();
  const ended = createSink<{ sequence: number; given: number; aborted: boolean }>();
  const stream: StreamHandler = async function* ({ envelope: { sequence } }, signal) {
    let given = 0;
    try {
      for (; given < count; given++) yield await item(given, sequence);
    } finally {
      ended.put({ sequence, given, aborted: signal.aborted });
    }
  };
  const bench = stack.use(await openBench(subject));
  const server = stack.use(await bench.serveStream(stream));
  const proxy = stack.use(await openProxy(server.address));
  const connection = stack.use(await bench.connect(proxy.address));
  const owned = stack.move();
  const ask = asking(subject);
  return {
    ended,
    proxy,
    open: (sequence: number, options?: SendOptions) => connection.open!(ask(sequence), options),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function flowing(subject: Subject): void {
  it('brings all items in order', async () => {
    await using place = await openStreams(subject, eventOf, 100);
    const results = await Array.fromAsync(place.open(1));
    expect(results).toMatchObject(range(100).map(() => ({ kind: 'reply' })));
    expect(results.map(bodyOf)).toEqual(range(100).map((i) => bodyIn(eventOf(i))));
  });

  it('may have no items', async () => {
    await using place = await openStreams(subject, eventOf, 0);
    expect(await Array.fromAsync(place.open(1))).toEqual([]);
  });

  it('brings each item when it is there, not when the stream ends', async () => {
    const gates = range(4).map(() => Promise.withResolvers<void>());
    await using place = await openStreams(subject, (i) => gates[i]!.promise.then(() => eventOf(i)), 3);
    gates[0]!.resolve();
    let received = 0;
    // The next item is made only after this one has arrived.
    for await (const item of place.open(1)) {
      expect(bodyOf(item)).toEqual(bodyIn(eventOf(received)));
      gates[++received]!.resolve();
    }
    expect(received).toBe(3);
  });

  it('brings each of many at once its own items', async () => {
    const itemOf = (i: number, sequence: number) => eventOf(1000 * sequence + i);
    await using place = await openStreams(subject, itemOf, 5);
    const streams = await Promise.all(range(100).map((sequence) => Array.fromAsync(place.open(sequence))));
    for (const [sequence, results] of streams.entries()) {
      expect(results.map(bodyOf)).toEqual(range(5).map((i) => bodyIn(itemOf(i, sequence))));
    }
  });
}

function ending(subject: Subject): void {
  it('ends with the failure of the service, after the items before it', async () => {
    await using place = await openStreams(subject, (i) => (i < 2 ? eventOf(i) : FAILED), 3);
    const results = await Array.fromAsync(place.open(1));
    expect(results.map(bodyOf).slice(0, 2)).toEqual([bodyIn(eventOf(0)), bodyIn(eventOf(1))]);
    expect(results.slice(2)).toMatchObject([{ kind: 'failure', outcome: 'error', noEffect: false }]);
    expect((results[2] as { detail: string }).detail).toContain('seeded');
  });

  it('ends the work of the service when its reader leaves', async () => {
    await using place = await openStreams(subject, eventOf);
    for await (const item of place.open(1)) {
      expect(item.kind).toBe('reply');
      break;
    }
    await place.ended.holds(1);
    expect(place.ended.items[0]).toMatchObject({ sequence: 1, aborted: true });
    // The connection is as good as before.
    for await (const item of place.open(2)) {
      expect(item.kind).toBe('reply');
      break;
    }
    await place.ended.holds(2);
  });

  it('says timeout when our wait ends in its midst, and the work ends', async () => {
    await using place = await openStreams(subject, eventOf);
    const wait = new AbortController();
    const results: SendResult[] = [];
    for await (const result of place.open(1, { signal: wait.signal })) {
      results.push(result);
      if (results.length === 2) wait.abort();
    }
    expect(results.at(-1)).toMatchObject({ kind: 'failure', outcome: 'timeout', noEffect: false });
    expect(results.filter(({ kind }) => kind === 'failure')).toHaveLength(1);
    await place.ended.holds(1);
    expect(place.ended.items[0]!.aborted).toBe(true);
  });

  it('is not begun when nobody waits for it any more', async () => {
    await using place = await openStreams(subject, eventOf, 1);
    expect(await Array.fromAsync(place.open(1, { signal: AbortSignal.abort() }))).toMatchObject([
      { kind: 'failure', outcome: 'timeout', noEffect: true },
    ]);
    await Array.fromAsync(place.open(2));
    expect(place.ended.items).toMatchObject([{ sequence: 2 }]);
  });

  it('says connection-lost when it is cut in its midst, and the work ends', async () => {
    await using place = await openStreams(subject, eventOf);
    const results: SendResult[] = [];
    for await (const result of place.open(1)) {
      results.push(result);
      if (results.length === 2) await place.proxy.cut();
    }
    expect(results.at(-1)).toMatchObject({ kind: 'failure', outcome: 'connection-lost', noEffect: false });
    expect(results.filter(({ kind }) => kind === 'failure')).toHaveLength(1);
    await place.ended.holds(1);
    expect(place.ended.items[0]!.aborted).toBe(true);
  });
}

function bodyIn(handled: Handled): unknown {
  return handled.kind === 'done' ? handled.body : undefined;
}
