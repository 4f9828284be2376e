import { describe, expect, it } from 'vitest';
import type { Connection, Message, SendOptions, SendResult } from '../../src/kernel/transport.ts';
import { streamCall } from '../../src/generator/stream-call.ts';
import { createItemInstants } from '../../src/measure/logs/arrivals.ts';

const SHAPE = { items: 3, everyMs: 10 };
const item = (n: number): SendResult => ({ kind: 'reply', body: n });
const LOST: SendResult = {
  kind: 'failure',
  outcome: 'connection-lost',
  noEffect: false,
  status: 0,
  detail: 'gone',
};

function messageOf(sequence: number, stage: 'measured' | 'warm-up' = 'measured'): Message {
  const envelope = { trial: 1, stage, sequence, attempt: 1, key: 0, deadlineNs: 0 } as const;
  return { operation: 'watch', body: {}, envelope };
}

/** A connection whose streams are as given; how many items were taken of them. */
function testbed(results: Iterable<SendResult>, shard = { index: 0, count: 1 }) {
  let taken = 0;
  const given: SendOptions[] = [];
  const connection: Connection = {
    send: () => Promise.reject(new Error('not asked for')),
    async *open(_message, options) {
      given.push(options!);
      for (const result of results) {
        taken++;
        yield result;
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const items = createItemInstants(4, SHAPE.items);
  const call = streamCall(connection, SHAPE, { items, shard });
  /** Which items of which arrivals were stamped. */
  const stamped = () => Array.from(items.ns, (ns, i) => (Number.isNaN(ns) ? [] : [i])).flat();
  return { call, items, stamped, given, taken: () => taken };
}

describe('a stream as a call', () => {
  it('is its items, each with its instant, in order', async () => {
    const { call, items, stamped } = testbed([item(0), item(1), item(2)]);
    expect(await call(messageOf(2))).toEqual({ kind: 'reply', body: [0, 1, 2] });
    expect(stamped()).toEqual([6, 7, 8]);
    expect([...items.ns.subarray(6, 9)]).toEqual([...items.ns.subarray(6, 9)].toSorted((a, b) => a - b));
  });

  it('that ends early has fewer items: the contract will say so', async () => {
    const { call, stamped } = testbed([item(0)]);
    expect(await call(messageOf(0))).toEqual({ kind: 'reply', body: [0] });
    expect(stamped()).toEqual([0]);
  });

  it('is the failure that ends it', async () => {
    const { call, stamped } = testbed([item(0), LOST]);
    expect(await call(messageOf(1))).toBe(LOST);
    expect(stamped()).toEqual([3]);
  });

  it('that never ends is left after one item too many, and fills no other place', async () => {
    const endless = (function* () {
      for (let n = 0; ; n++) yield item(n);
    })();
    const { call, stamped, taken } = testbed(endless);
    expect(await call(messageOf(0))).toEqual({ kind: 'reply', body: [0, 1, 2, 3] });
    expect([taken(), stamped()]).toEqual([4, [0, 1, 2]]);
  });

  it('is stamped only where it is measured', async () => {
    const { call, stamped } = testbed([item(0)]);
    await call(messageOf(0, 'warm-up'));
    expect(stamped()).toEqual([]);
  });

  it('has its place in its shard', async () => {
    const { call, stamped } = testbed([item(0)], { index: 1, count: 3 });
    await call(messageOf(7));
    expect(stamped()).toEqual([6]);
  });

  it('hands the signal on', async () => {
    const { call, given } = testbed([]);
    const { signal } = new AbortController();
    await call(messageOf(0), { signal });
    expect(given).toEqual([{ signal }]);
  });

  it('needs a connection that opens streams', () => {
    const connection: Connection = {
      send: () => Promise.reject(new Error('not asked for')),
      [Symbol.asyncDispose]: async () => {},
    };
    const stamps = { items: createItemInstants(1, 3), shard: { index: 0, count: 1 } };
    expect(() => streamCall(connection, SHAPE, stamps)).toThrow(/opens streams/);
  });
});
