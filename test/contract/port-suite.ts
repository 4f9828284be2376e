import { describe, expect, it } from 'vitest';
import { contractByName, operationByName } from '../../src/contracts/contracts.ts';
import type { FailureStatus, Handled } from '../../src/kernel/contract.ts';
import type { Failure, Handler, Incoming, SendResult } from '../../src/kernel/transport.ts';
import { openProxy } from '../support/proxy.ts';
import { createSink, createUser, openBench, SLOTS, type Subject } from '../support/transport-rig.ts';

const STATUSES: readonly FailureStatus[] = [
  'bad-request',
  'not-found',
  'overloaded',
  'deadline-passed',
  'internal',
];

/** The port in this process: what each outcome looks like to the caller, and what it may believe. */
export function describePort(subject: Subject): void {
  const replies = subject.interaction === 'request-reply' || subject.interaction === 'server-stream';
  const { sendsAgain, oneAtATimePerKey, unmarkedRepeats } = subject.definition.traits ?? {};

  /** A server that keeps what it is given; each message is answered when the test says so. */
  async function openEcho(handle: (message: Incoming) => Handled | Promise<Handled> = done) {
    const stack = new AsyncDisposableStack();
    const bench = stack.use(await openBench(subject));
    const seen = createSink<Incoming>();
    const handler: Handler = async (message) => {
      seen.put(message);
      return handle(message);
    };
    const server = stack.use(await bench.serve(handler));
    return { bench, handler, seen, server, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  }

  describe('the port', () => {
    it('says ok, and the handler saw exactly what was sent', async () => {
      await using echo = await openEcho();
      await using connection = await echo.bench.connect(echo.server.address);
      const message = createUser(7, { trial: 3, attempt: 2, key: 5, deadlineNs: 123_456_789 });
      expect(await connection.send(message)).toMatchObject(
        replies ? { kind: 'reply', body: message.body } : { kind: 'ack' },
      );
      await echo.seen.holds(1);
      expect(echo.seen.items[0]).toEqual({ ...message, redelivered: false });
    });

    it.each([
      ['nothing', {}],
      ['text beyond ASCII', { payload: 'grüße, 世界, 🐇' }],
      ['100 kB', { payload: 'x'.repeat(100_000) }],
    ])('carries %s unchanged', async (_what, body) => {
      await using echo = await openEcho();
      await using connection = await echo.bench.connect(echo.server.address);
      const result = await connection.send({ ...createUser(1), operation: 'echo', body });
      expect(result).toMatchObject(replies ? { kind: 'reply', body } : { kind: 'ack' });
      await echo.seen.holds(1);
      expect(echo.seen.items[0]!.body).toEqual(body);
    });

    it('answers each of many at once with its own reply', async () => {
      await using echo = await openEcho();
      await using connection = await echo.bench.connect(echo.server.address);
      const messages = Array.from({ length: 500 }, (_, i) => createUser(i));
      const results = await Promise.all(messages.map((message) => connection.send(message)));
      await echo.seen.holds(500);
      expect(echo.seen.items.map((m) => m.envelope.sequence).toSorted((a, b) => a - b)).toEqual(
        messages.map((m) => m.envelope.sequence),
      );
      expect(results.map(bodyOf)).toEqual(messages.map((m) => (replies ? m.body : undefined)));
    });

    it('says timeout when our wait ends, and what was sent is still done', async () => {
      const gate = Promise.withResolvers<void>();
      await using echo = await openEcho(async (message) => {
        await gate.promise;
        return done(message);
      });
      await using proxy = await openProxy(echo.server.address);
      await using connection = await echo.bench.connect(proxy.address);
      proxy.holdReplies();
      const wait = new AbortController();
      const sent = connection.send(createUser(1), { signal: wait.signal });
      await echo.seen.holds(1);
      wait.abort();
      expect(await sent).toMatchObject({ kind: 'failure', outcome: 'timeout', noEffect: false });
      gate.resolve();
    });

    it('does not send what nobody waits for any more', async () => {
      await using echo = await openEcho();
      await using connection = await echo.bench.connect(echo.server.address);
      const result = await connection.send(createUser(1), { signal: AbortSignal.abort() });
      expect(result).toMatchObject({ kind: 'failure', outcome: 'timeout', noEffect: true });
      await connection.send(createUser(2));
      await echo.seen.holds(1);
      expect(echo.seen.items.map((m) => m.envelope.sequence)).toEqual([2]);
    });

    it.runIf(sendsAgain)('keeps what a lost connection could not take, and sends it afterwards', async () => {
      await using echo = await openEcho();
      await using proxy = await openProxy(echo.server.address);
      await using connection = await echo.bench.connect(proxy.address);
      expect(await connection.send(createUser(0))).not.toHaveProperty('outcome');

      proxy.holdReplies();
      const sent = connection.send(createUser(1));
      await echo.seen.holds(2);
      await proxy.cut();
      const wait = new AbortController();
      const givenUp = connection.send(createUser(2), { signal: wait.signal });
      const waiting = connection.send(createUser(3));
      wait.abort();
      expect(await givenUp).toMatchObject({ kind: 'failure', outcome: 'timeout', noEffect: false });

      await proxy.restore();
      for (const result of await Promise.all([sent, waiting])) expect(outcomeOf(result)).toBeUndefined();
      // Sent again, the first may come twice.
      const all = (): Set<number> => new Set(echo.seen.items.map((m) => m.envelope.sequence));
      while (all().size < 4) await echo.seen.holds(echo.seen.items.length + 1);
    });

    it.skipIf(sendsAgain)('says connection-lost for what was sent, then refused, then ok again', async () => {
      await using echo = await openEcho();
      await using proxy = await openProxy(echo.server.address);
      await using connection = await echo.bench.connect(proxy.address);
      expect(await connection.send(createUser(0))).not.toHaveProperty('outcome');

      proxy.holdReplies();
      const sent = connection.send(createUser(1));
      await echo.seen.holds(2);
      await proxy.cut();
      // The handler has it, the caller can't know: never a promise of no effect.
      expect(await sent).toMatchObject({ kind: 'failure', outcome: 'connection-lost', noEffect: false });

      const refused = await sendUntil(connection.send, 100, (r) => outcomeOf(r) === 'refused');
      expect(refused).toMatchObject({ kind: 'failure', outcome: 'refused', noEffect: true });

      await proxy.restore();
      await sendUntil(connection.send, 1000, (r) => outcomeOf(r) === undefined);
    });

    it('never says refused, or no effect, of what a handler got', async () => {
      await using echo = await openEcho();
      await using proxy = await openProxy(echo.server.address);
      await using connection = await echo.bench.connect(proxy.address);
      const results: SendResult[] = [];
      const burst = async (from: number) => {
        const sent = Array.from({ length: 50 }, (_, i) => connection.send(createUser(from + i)));
        await echo.seen.holds(echo.seen.items.length + 1);
        await proxy.cut();
        if (sendsAgain) await proxy.restore();
        results.push(...(await Promise.all(sent)));
        await proxy.restore();
        await sendUntil(connection.send, 10_000 + from, (r) => outcomeOf(r) === undefined);
      };
      for (let round = 0; round < 4; round++) await burst(round * 50);
      const seen = new Set(echo.seen.items.map((m) => m.envelope.sequence));
      const promised = results.flatMap((r, i) => (r.kind === 'failure' && r.noEffect ? [i] : []));
      expect(promised.filter((sequence) => seen.has(sequence))).toEqual([]);
      const accepted = results.flatMap((r, i) => (r.kind === 'failure' ? [] : [i]));
      await sendUntil(connection.send, 99_999, (r) => outcomeOf(r) === undefined);
      if (replies) expect(accepted.filter((sequence) => !seen.has(sequence))).toEqual([]);
    });

    it('settles what is open when the connection is given up', async () => {
      const gate = Promise.withResolvers<void>();
      await using echo = await openEcho(async (message) => {
        await gate.promise;
        return done(message);
      });
      await using proxy = await openProxy(echo.server.address);
      const connection = await echo.bench.connect(proxy.address);
      proxy.holdReplies();
      const sent = connection.send(createUser(1));
      await echo.seen.holds(1);
      await connection[Symbol.asyncDispose]();
      expect(await sent).toMatchObject({ kind: 'failure', noEffect: false });
      gate.resolve();
    });

    it('serves again at the same address', async () => {
      await using bench = await openBench(subject);
      const first = await bench.serve(async (message) => done(message));
      const { address } = first;
      await using connection = await bench.connect(address);
      expect(outcomeOf(await connection.send(createUser(1)))).toBeUndefined();
      await first[Symbol.asyncDispose]();

      const seen = createSink<Incoming>();
      await using second = await bench.serve(async (message) => {
        seen.put(message);
        return done(message);
      }, address);
      expect(second.address).toEqual(address);
      await sendUntil(connection.send, 2, (r) => outcomeOf(r) === undefined);
      await seen.holds(1);
    });
  });

  describe.runIf(replies)('failures of the callee', () => {
    it.each(STATUSES.flatMap((status) => [true, false].map((noEffect) => ({ status, noEffect }))))(
      'says error for $status, with its promise (no effect: $noEffect)',
      async ({ status, noEffect }) => {
        await using echo = await openEcho(() => ({ kind: 'failed', status, noEffect, detail: 'planted' }));
        await using connection = await echo.bench.connect(echo.server.address);
        const result = await connection.send(createUser(1));
        expect(result).toMatchObject({ kind: 'failure', outcome: 'error', noEffect });
        expect((result as Failure).detail).toContain('planted');
      },
    );

    it('hands on a reply that breaks its contract, for the contract to find', async () => {
      await using echo = await openEcho(() => ({
        kind: 'done',
        body: { id: 'u1', email: 'eve@example.com' },
      }));
      await using connection = await echo.bench.connect(echo.server.address);
      const message = createUser(1);
      const result = await connection.send(message);
      const operation = operationByName(contractByName('users'), 'createUser');
      expect(operation.check(message.body, bodyOf(result))).toMatch(/Expected email/);
    });
  });

  describe.runIf(!replies)('a consumer', () => {
    it('has never more messages at work than slots, and of one key one at a time where that is promised', async () => {
      const keys = new Set<number>();
      const seen = createSink<Incoming>();
      let atWork = 0;
      let most = 0;
      let ofOneKey = 0;
      await using bench = await openBench(subject);
      await using server = await bench.serve(async (message) => {
        const { key } = message.envelope;
        if (keys.has(key)) ofOneKey++;
        keys.add(key);
        most = Math.max(most, ++atWork);
        await new Promise((resolve) => setImmediate(resolve));
        atWork--;
        keys.delete(key);
        seen.put(message);
        return done(message);
      });
      await using connection = await bench.connect(server.address);
      const messages = Array.from({ length: 20 * SLOTS }, (_, i) => createUser(i, { key: i % (2 * SLOTS) }));
      await Promise.all(messages.map((message) => connection.send(message)));
      await seen.holds(messages.length);
      expect(most).toBeLessThanOrEqual(SLOTS);
      if (oneAtATimePerKey) expect(ofOneKey).toBe(0);
    });

    it.skipIf(oneAtATimePerKey)(
      'has as many messages at work as it has slots, and gets the next after each',
      async () => {
        const atWork: (() => void)[] = [];
        let most = 0;
        const seen = createSink<Incoming>();
        await using bench = await openBench(subject);
        await using server = await bench.serve(async (message) => {
          seen.put(message);
          await new Promise<void>((resolve) => {
            atWork.push(resolve);
            most = Math.max(most, atWork.length);
          });
          return done(message);
        });
        await using connection = await bench.connect(server.address);
        await Promise.all(Array.from({ length: 5 * SLOTS }, (_, i) => connection.send(createUser(i))));
        for (let finished = 0; finished < 5 * SLOTS; finished++) {
          await seen.holds(Math.min(finished + SLOTS, 5 * SLOTS));
          atWork.shift()!();
        }
        expect(most).toBe(SLOTS);
      },
    );

    it('goes on after messages that fail, and gets none of them twice', async () => {
      await using echo = await openEcho((message) =>
        message.envelope.sequence % 2 === 0
          ? done(message)
          : { kind: 'failed', status: 'bad-request', noEffect: true, detail: 'planted' },
      );
      await using connection = await echo.bench.connect(echo.server.address);
      await Promise.all(Array.from({ length: 20 }, (_, i) => connection.send(createUser(i))));
      await echo.seen.holds(20);
      await connection.send(createUser(20));
      await echo.seen.holds(21);
      const sequences = echo.seen.items.map((m) => m.envelope.sequence);
      expect(sequences.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, i) => i));
    });

    it('comes back after its connection was lost: nothing accepted is lost, never more at work than slots', async () => {
      await using bench = await openBench(subject);
      await using proxy = await openProxy(bench.address!);
      const release = Promise.withResolvers<void>();
      const seen = createSink<Incoming>();
      let atWork = 0;
      let most = 0;
      await using server = await bench.serve(async (message) => {
        most = Math.max(most, ++atWork);
        seen.put(message);
        await release.promise;
        atWork--;
        return done(message);
      }, proxy.address);
      await using connection = await bench.connect(bench.address!);
      const messages = Array.from({ length: 3 * SLOTS }, (_, i) => createUser(i, { key: i }));
      expect((await Promise.all(messages.map((m) => connection.send(m)))).map(outcomeOf)).toEqual(
        messages.map(() => undefined),
      );
      expect(server.address).toEqual(proxy.address);
      await seen.holds(oneAtATimePerKey ? 1 : SLOTS);
      await proxy.cut();
      await proxy.restore();
      release.resolve();
      const all = (): Set<number> => new Set(seen.items.map((m) => m.envelope.sequence));
      while (all().size < 3 * SLOTS) await seen.holds(seen.items.length + 1);
      expect(most).toBeLessThanOrEqual(SLOTS);
      if (unmarkedRepeats) return;
      // Those at work when the connection was lost come again: their acknowledgement went nowhere.
      await seen.holds(4 * SLOTS);
      expect(seen.items.filter((m) => m.redelivered)).toHaveLength(SLOTS);
      expect(all().size).toBe(3 * SLOTS);
      expect(most).toBe(SLOTS);
    });
  });
}

function done(message: Incoming): Handled {
  return { kind: 'done', body: message.body };
}

function bodyOf(result: SendResult): unknown {
  return result.kind === 'reply' ? result.body : undefined;
}

function outcomeOf(result: SendResult): string | undefined {
  return result.kind === 'failure' ? result.outcome : undefined;
}

/** Sends one after another until a result is as wanted; the test's own bound ends it. */
async function sendUntil(
  send: (message: ReturnType<typeof createUser>) => Promise<SendResult>,
  from: number,
  wanted: (result: SendResult) => boolean,
): Promise<SendResult> {
  for (let sequence = from; ; sequence++) {
    const result = await send(createUser(sequence));
    if (wanted(result)) return result;
    // A turn of the event loop, so that what happened to the connection is noticed.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
