import { describe, expect, test } from 'vitest';
import { nowNs } from '../../src/kernel/clock.ts';
import type { Patience } from '../../src/contracts/patience.ts';
import type { Connection, Failure, Message, SendOptions } from '../../src/kernel/transport.ts';
import { withPatience } from '../../src/transports/with-patience.ts';
import { createUser } from '../support/messages.ts';

const AWAY: Failure = {
  kind: 'failure',
  outcome: 'refused',
  noEffect: true,
  status: 0,
  detail: 'away',
  isAway: true,
};
const LONG_MS = 60_000;

/** The other end, which does what it is sent while it is there. */
function openFar() {
  const far = { isThere: true, done: [] as number[], tries: 0, closed: 0 };
  const connection: Connection = {
    async send({ envelope }) {
      far.tries++;
      if (!far.isThere) return AWAY;
      far.done.push(envelope.sequence);
      return { kind: 'ack' };
    },
    async [Symbol.asyncDispose]() {
      far.closed++;
    },
  };
  return { far, connection };
}

function open(patience: Patience, deadlineMs = LONG_MS) {
  const { far, connection } = openFar();
  return { far, connection: withPatience(connection, { patience, deadlineMs }) };
}

/** Until the other end was tried once more. */
async function tried(far: { readonly tries: number }, times = 1): Promise<void> {
  const until = far.tries + times;
  while (far.tries < until) await new Promise((resolve) => void setTimeout(resolve, 5));
}

const call = (sequence: number, deadlineNs = 0): Message => createUser(sequence, { deadlineNs });

describe('refuse', () => {
  test('is the connection itself', async () => {
    const { far, connection } = openFar();
    expect(withPatience(connection, { patience: 'refuse', deadlineMs: LONG_MS })).toBe(connection);
    far.isThere = false;
    expect(await connection.send(call(1))).toEqual(AWAY);
  });
});

describe.each(['wait', 'keep'] as const)('%s', (patience) => {
  test('costs nothing while the other end is there: one send, its own result', async () => {
    const { far, connection } = open(patience);
    expect(await connection.send(call(1))).toEqual({ kind: 'ack' });
    expect(far.tries).toBe(1);
  });

  test('holds calls until there is a connection, and sends them once, in their order', async () => {
    const { far, connection } = open(patience);
    far.isThere = false;
    const sent = [1, 2, 3].map((sequence) => connection.send(call(sequence)));
    await tried(far, 3);
    expect(far.done).toEqual([]);
    far.isThere = true;
    expect(await Promise.all(sent)).toEqual([{ kind: 'ack' }, { kind: 'ack' }, { kind: 'ack' }]);
    expect(far.done).toEqual([1, 2, 3]);
    expect(await connection.send(call(4))).toEqual({ kind: 'ack' });
  });

  test('tries one held call at a time, however many there are', async () => {
    const { far, connection } = open(patience);
    far.isThere = false;
    const sent = Array.from({ length: 100 }, (_, i) => connection.send(call(i)));
    await tried(far, 2);
    expect(far.tries).toBeLessThan(100 + 10);
    far.isThere = true;
    await Promise.all(sent);
    expect(far.done).toHaveLength(100);
  });

  test('a failure that is not for want of a connection is the result', async () => {
    const overloaded: Failure = { ...AWAY, outcome: 'error' };
    delete (overloaded as { isAway?: true }).isAway;
    const inner: Connection = { ...openFar().connection, send: async () => overloaded };
    const { send } = withPatience(inner, { patience, deadlineMs: LONG_MS });
    expect(await send(call(1))).toBe(overloaded);
  });

  test('a connection given up refuses what it held', async () => {
    const { far, connection } = open(patience);
    far.isThere = false;
    const sent = connection.send(call(1));
    await tried(far);
    await connection[Symbol.asyncDispose]();
    expect(await sent).toMatchObject({ outcome: 'refused', noEffect: true });
    expect(far.closed).toBe(1);
    expect(await connection.send(call(2))).toMatchObject({ outcome: 'refused', noEffect: true });
  });
});

/** Ends the wait of a held call: its caller, its own deadline, or the scenario's. */
const ENDS: Readonly<Record<string, (send: Connection['send']) => Promise<unknown>>> = {
  'its caller': (send) => {
    const ending = new AbortController();
    const sent = send(call(1), { signal: ending.signal } satisfies SendOptions);
    setTimeout(() => ending.abort(), 30);
    return sent;
  },
  'the deadline of its message': (send) => send(call(1, nowNs() + 30e6)),
  "its caller's deadline": (send) => send(call(1), { deadlineNs: nowNs() + 30e6 }),
};

describe.each(Object.entries(ENDS))('a wait ended by %s', (_, held) => {
  test('was without effect with wait, and is never sent', async () => {
    const { far, connection } = open('wait');
    far.isThere = false;
    expect(await held(connection.send)).toMatchObject({ outcome: 'refused', noEffect: true });
    far.isThere = true;
    expect(await connection.send(call(2))).toEqual({ kind: 'ack' });
    expect(far.done).toEqual([2]);
  });

  test('is not known to its caller with keep, and sent later', async () => {
    const { far, connection } = open('keep');
    far.isThere = false;
    expect(await held(connection.send)).toMatchObject({ outcome: 'timeout', noEffect: false });
    far.isThere = true;
    expect(await connection.send(call(2))).toEqual({ kind: 'ack' });
    expect(far.done).toEqual([1, 2]);
  });
});

test('is flushed once nothing is kept any more', async () => {
  const { far, connection } = open('keep', 20);
  await connection.flushed!();
  far.isThere = false;
  await connection.send(call(1));
  const flushed = connection.flushed!().then(() => far.done.slice());
  await tried(far, 2);
  far.isThere = true;
  expect(await flushed).toEqual([1]);
});

test('without a deadline of its own a call is held for the longest time given', async () => {
  const { far, connection } = open('wait', 30);
  far.isThere = false;
  expect(await connection.send(call(1))).toMatchObject({ outcome: 'refused', noEffect: true });
  far.isThere = true;
  expect(await connection.send(call(2))).toEqual({ kind: 'ack' });
  expect(far.done).toEqual([2]);
});

test('an end that goes away again while held calls are sent holds the rest', async () => {
  const { far, connection } = openFar();
  const flapping: Connection = {
    ...connection,
    async send(message, options) {
      const result = await connection.send(message, options);
      if (message.envelope.sequence === 1 && result.kind === 'ack') far.isThere = false;
      return result;
    },
  };
  const { send } = withPatience(flapping, { patience: 'wait', deadlineMs: LONG_MS });
  far.isThere = false;
  const sent = [1, 2].map((sequence) => send(call(sequence)));
  await tried(far, 2);
  far.isThere = true;
  expect(await sent[0]).toEqual({ kind: 'ack' });
  await tried(far, 2);
  expect(far.done).not.toContain(3);
  far.isThere = true;
  expect(await sent[1]).toEqual({ kind: 'ack' });
  expect(far.done).toEqual([1, 2]);
});
