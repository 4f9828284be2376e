import { describe, expect, it } from 'vitest';
import { MAX_ECHO_BYTES } from '../../src/contracts/echo.ts';
import type { SendResult } from '../../src/kernel/transport.ts';
import { createAnswers, messageOf } from '../support/messages.ts';
import { createSink } from '../support/sink.ts';
import { openBench, type Subject } from '../support/transport-bench.ts';
import {
  ascending,
  asking,
  bodyOf,
  openPlace,
  openProxied,
  outcomeOf,
  range,
  sendUntil,
  sendUntilAccepted,
  sequencesOf,
  traitsOf,
} from './place.ts';

/** The port in this process: messages there and back, waits that end, connections that are lost and come back. */
export function describePort(subject: Subject): void {
  describe('the port', () => {
    carrying(subject);
    waiting(subject);
    losing(subject);
  });
}

/** Requests of every operation that a pattern can be asked for. */
function requestsOf({ streams }: { streams: boolean }): [what: string, operation: string, body: unknown][] {
  if (streams) {
    return ['u-1', 'grüße, 世界, 🐇'].map((id) => [`of ${id}`, 'streamUserEvents', { user_id: id }]);
  }
  const person = { email: 'ada@example.com', name: 'Ada, 世界, 🐇' };
  return [
    ['', 'nothing', {}],
    ['', 'createUser', person],
    ['', 'getUser', { id: 'u-7' }],
    ['with an id that no path can hold', 'getUser', { id: 'a/b?c=d&e f%20#grüße' }],
    ['of the first page', 'listUsers', { page_size: 0, page_token: '' }],
    ['of another page', 'listUsers', messageOf('listUsers', 3).body],
    ['without a status', 'updateUser', { id: 'u-7', ...person }],
    ['with a status', 'updateUser', { id: 'u-7', ...person, status: 'SUSPENDED' }],
    ['', 'deleteUser', { id: 'd-7' }],
    ['of text beyond ASCII', 'echo', { payload: 'grüße, 世界, 🐇, "\\\n\0' }],
    ['of 100 kB', 'echo', { payload: 'x'.repeat(100_000) }],
    ['of 1 MiB', 'echo', { payload: 'x'.repeat(MAX_ECHO_BYTES) }],
  ];
}

const FINDING = ['getUser', 'streamUserEvents'];

function carrying(subject: Subject): void {
  const { answered, streams } = traitsOf(subject);
  const ask = asking(subject);

  it('says ok, and the handler saw exactly what was sent', async () => {
    await using place = await openPlace(subject);
    await using connection = await place.connect();
    const message = ask(7, { trial: 3, attempt: 2, key: 5, deadlineNs: 0 });
    const result = await connection.send(message);
    await place.seen.holds(1);
    expect(place.seen.items[0]).toEqual({ ...message, redelivered: false });
    expect(result.kind).toBe(answered ? 'reply' : 'ack');
    if (answered) expect(bodyOf(result)).toEqual(place.replies.get(7));
  });

  it('carries every operation there and back unchanged', async () => {
    const answers = createAnswers();
    // Whoever is asked for is there: what is not found is no question of carrying.
    const found = { id: 'u-1', user_id: 'u-1' };
    await using place = await openPlace(subject, {
      handle: (message) =>
        answers(FINDING.includes(message.operation) ? { ...message, body: found } : message),
    });
    await using connection = await place.connect();
    for (const [sequence, [what, operation, body]] of requestsOf({ streams }).entries()) {
      const result = await connection.send({ ...ask(sequence), operation, body });
      expect(result, `${operation} ${what}`).toMatchObject({ kind: answered ? 'reply' : 'ack' });
      await place.seen.until((items) => sequencesOf(items).includes(sequence));
      const seen = place.seen.items.find((message) => message.envelope.sequence === sequence)!;
      expect([seen.operation, seen.body], `${operation} ${what}`).toEqual([operation, body]);
      if (answered) expect(bodyOf(result), `${operation} ${what}`).toEqual(place.replies.get(sequence));
    }
  });

  it('answers each of many at once with its own reply', async () => {
    await using place = await openPlace(subject);
    await using connection = await place.connect();
    const results = await Promise.all(range(500).map((sequence) => connection.send(ask(sequence))));
    await place.seen.holds(500);
    expect(sequencesOf(place.seen.items).toSorted(ascending)).toEqual(range(500));
    expect(results.filter((result) => result.kind !== (answered ? 'reply' : 'ack'))).toEqual([]);
    if (answered) expect(results.map(bodyOf)).toEqual(range(500).map((i) => place.replies.get(i)));
  });
}

function waiting(subject: Subject): void {
  const ask = asking(subject);
  const answers = createAnswers();

  it('says timeout when our wait ends, and what was sent is still done', async () => {
    const gate = Promise.withResolvers<void>();
    await using place = await openProxied(subject, {
      handle: (message) => gate.promise.then(() => answers(message)),
    });
    place.proxy.holdReplies();
    const wait = new AbortController();
    const sent = place.connection.send(ask(1), { signal: wait.signal });
    await place.seen.holds(1);
    wait.abort();
    expect(await sent).toMatchObject({ kind: 'failure', outcome: 'timeout', noEffect: false });
    gate.resolve();
  });

  it('does not send what nobody waits for any more', async () => {
    await using place = await openPlace(subject);
    await using connection = await place.connect();
    const result = await connection.send(ask(1), { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ kind: 'failure', outcome: 'timeout', noEffect: true });
    await connection.send(ask(2));
    await place.seen.holds(1);
    expect(sequencesOf(place.seen.items)).toEqual([2]);
  });

  it('settles what is open when the connection is given up', async () => {
    const gate = Promise.withResolvers<void>();
    await using place = await openProxied(subject, {
      handle: (message) => gate.promise.then(() => answers(message)),
    });
    place.proxy.holdReplies();
    const sent = place.connection.send(ask(1));
    await place.seen.holds(1);
    await place.connection[Symbol.asyncDispose]();
    expect(await sent).toMatchObject({ kind: 'failure', noEffect: false });
    gate.resolve();
  });
}

function losing(subject: Subject): void {
  const { answered } = traitsOf(subject);
  const ask = asking(subject);

  it('says connection-lost for what was sent, then refused, then ok again', async () => {
    await using place = await openProxied(subject);
    const { connection, proxy, seen } = place;
    expect(outcomeOf(await connection.send(ask(0)))).toBeUndefined();
    proxy.holdReplies();
    const sent = connection.send(ask(1));
    await seen.holds(2);
    await proxy.cut();
    // The handler has it, the caller can't know: never a promise of no effect.
    expect(await sent).toMatchObject({ kind: 'failure', outcome: 'connection-lost', noEffect: false });
    const refused = await sendUntil(subject, connection.send, 100, (outcome) => outcome === 'refused');
    // By which a patient caller knows that it may try again.
    expect(refused).toMatchObject({ kind: 'failure', outcome: 'refused', noEffect: true, isAway: true });
    await proxy.restore();
    await sendUntilAccepted(subject, connection.send, 1000);
  });

  it('never says refused, or no effect, of what a handler got', async () => {
    await using place = await openProxied(subject);
    const { connection, proxy, seen } = place;
    const results: SendResult[] = [];
    const burst = async (from: number) => {
      const sent = range(50).map((i) => connection.send(ask(from + i)));
      await seen.holds(seen.items.length + 1);
      await proxy.cut();
      results.push(...(await Promise.all(sent)));
      await proxy.restore();
      await sendUntilAccepted(subject, connection.send, 10_000 + from);
    };
    for (let round = 0; round < 4; round++) await burst(round * 50);
    const all = () => new Set(sequencesOf(seen.items));
    const promised = results.flatMap((r, i) => (r.kind === 'failure' && r.noEffect ? [i] : []));
    expect(promised.filter((sequence) => all().has(sequence))).toEqual([]);
    const accepted = results.flatMap((r, i) => (r.kind === 'failure' ? [] : [i]));
    if (answered) expect(accepted.filter((sequence) => !all().has(sequence))).toEqual([]);
    // What a broker confirmed comes, sooner or later.
    await seen.until(() => new Set(accepted).isSubsetOf(all()));
  });

  it('serves again at the same address', async () => {
    await using bench = await openBench(subject);
    const answers = createAnswers();
    const first = await bench.serve(async (message) => answers(message));
    const { address } = first;
    await using connection = await bench.connect(address);
    expect(outcomeOf(await connection.send(ask(1)))).toBeUndefined();
    await first[Symbol.asyncDispose]();

    const seen = createSink<number>();
    await using second = await bench.serve(async (message) => {
      seen.put(message.envelope.sequence);
      return answers(message);
    }, address);
    expect(second.address).toEqual(address);
    await sendUntilAccepted(subject, connection.send, 2);
    await seen.until((items) => items.some((sequence) => sequence >= 2));
  });
}
