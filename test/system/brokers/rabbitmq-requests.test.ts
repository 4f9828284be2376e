import { describe, expect, it } from 'vitest';
import { nowNs } from '../../../src/kernel/clock.ts';
import type { Handler, Incoming } from '../../../src/kernel/transport.ts';
import { askForBroker } from '../../support/broker-url.ts';
import { depthOf, openRabbitmqPlace, openStranger, untilDepth } from '../../support/rabbitmq-place.ts';
import { createUser } from '../../support/messages.ts';
import { createSink } from '../../support/sink.ts';

const broker = await askForBroker('rabbitmq');
const url = broker.state === 'here' ? broker.url : '';
if (broker.state === 'missing') process.stderr.write(`SKIPPED requests over RabbitMQ: ${broker.why}\n`);

const REQUESTS = { interaction: 'request-reply' } as const;
/** AMQP's delivery mode of a message that is to be kept; absent where it is not. */
const PERSISTENT = 2;
const inNs = (ms: number) => nowNs() + ms * 1e6;

/** Answers with what was sent, when the test opens the gate. */
function gated() {
  const gate = Promise.withResolvers<void>();
  const seen = createSink<Incoming>();
  const handler: Handler = async (message) => {
    seen.put(message);
    await gate.promise;
    return { kind: 'done', body: message.body };
  };
  return { gate, seen, handler };
}

describe.skipIf(broker.state === 'missing')('request-reply over RabbitMQ', () => {
  it('says error 312, without effect, for a request that no queue takes', async () => {
    const place = await openRabbitmqPlace(url, REQUESTS);
    await using connection = await place.connect();
    await place[Symbol.asyncDispose]();
    const results = await Promise.all([connection.send(createUser(1)), connection.send(createUser(2))]);
    for (const result of results) {
      expect(result).toMatchObject({ kind: 'failure', outcome: 'error', status: 312, noEffect: true });
    }
  });

  it('refuses past its bound on requests without a reply, and is free again after the replies', async () => {
    await using place = await openRabbitmqPlace(url, { ...REQUESTS, options: { maxUnconfirmed: 3 } });
    const { gate, handler } = gated();
    await using _ = await place.serve(handler);
    await using connection = await place.connect();
    const sent = [0, 1, 2, 3, 4].map((n) => connection.send(createUser(n)));
    expect(await Promise.all(sent.slice(3))).toMatchObject([{ outcome: 'refused' }, { outcome: 'refused' }]);
    gate.resolve();
    expect((await Promise.all(sent.slice(0, 3))).map(({ kind }) => kind)).toEqual([
      'reply',
      'reply',
      'reply',
    ]);
    expect(await connection.send(createUser(5))).toMatchObject({ kind: 'reply' });
  });

  it('drops a reply that comes too late; the next request gets its own', async () => {
    await using place = await openRabbitmqPlace(url, { ...REQUESTS, options: { maxUnconfirmed: 1 } });
    const { gate, seen, handler } = gated();
    await using _ = await place.serve(handler);
    await using connection = await place.connect();
    const wait = new AbortController();
    const sent = connection.send(createUser(1), { signal: wait.signal });
    await seen.holds(1);
    wait.abort();
    expect(await sent).toMatchObject({ outcome: 'timeout', noEffect: false });
    gate.resolve();
    const next = createUser(2);
    expect(await connection.send(next)).toEqual({ kind: 'reply', body: next.body });
  });

  it('goes on serving when a caller is gone before its reply', async () => {
    await using place = await openRabbitmqPlace(url, REQUESTS);
    const { gate, seen, handler } = gated();
    await using _ = await place.serve(handler);
    const gone = await place.connect();
    const sent = gone.send(createUser(1));
    await seen.holds(1);
    await gone[Symbol.asyncDispose]();
    expect(await sent).toMatchObject({ outcome: 'connection-lost', noEffect: false });
    gate.resolve();
    await using connection = await place.connect();
    expect(await connection.send(createUser(2))).toMatchObject({ kind: 'reply' });
    await untilDepth(url, place.queue, 0);
    expect(seen.items.map(({ redelivered }) => redelivered)).toEqual([false, false]);
  });

  it('a request past its deadline is thrown away by the broker, and never done', async () => {
    await using place = await openRabbitmqPlace(url, REQUESTS);
    await using connection = await place.connect();
    const wait = new AbortController();
    const dead = connection.send(createUser(1, { deadlineNs: inNs(200) }), { signal: wait.signal });
    await untilDepth(url, place.queue, 0);
    wait.abort();
    expect(await dead).toMatchObject({ outcome: 'timeout', noEffect: false });
    const { seen, gate, handler } = gated();
    gate.resolve();
    await using _ = await place.serve(handler);
    expect(await connection.send(createUser(2, { deadlineNs: inNs(60_000) }))).toMatchObject({
      kind: 'reply',
    });
    expect(seen.items.map(({ envelope }) => envelope.sequence)).toEqual([2]);
  });

  it.each([
    ['expires at its deadline', true, 60_000, /^[1-9]\d{0,4}$/],
    ['has no expiry where none is wanted', false, 60_000, /^undefined$/],
    ['has no expiry without a deadline', true, undefined, /^undefined$/],
  ])(
    'a request %s; it is transient, and says where its reply goes',
    async (_what, expire, leftMs, expected) => {
      await using place = await openRabbitmqPlace(url, { ...REQUESTS, options: { expire } });
      await using connection = await place.connect();
      const deadlineNs = leftMs === undefined ? 0 : inNs(leftMs);
      void connection.send(createUser(1, { deadlineNs }));
      await untilDepth(url, place.queue, 1);
      await using stranger = await openStranger(url);
      const message = await stranger.get(place.queue, { noAck: true });
      const { properties } = message as Extract<typeof message, object>;
      expect(String(properties.expiration)).toMatch(expected);
      expect(properties.deliveryMode).not.toBe(PERSISTENT);
      expect(properties).toMatchObject({
        correlationId: expect.any(String) as string,
        replyTo: expect.stringMatching(/^amq\.rabbitmq\.reply-to\./) as string,
      });
    },
  );

  it.each([
    ['no JSON', 'done', 'not json', /Expected JSON/],
    ['no reply of ours', undefined, '{}', /Expected a reply, found the type undefined/],
  ])('says contract-broken for a reply that is %s', async (_what, type, content, detail) => {
    await using place = await openRabbitmqPlace(url, REQUESTS);
    await using stranger = await openStranger(url);
    await stranger.consume(place.queue, (message) => {
      const { replyTo, correlationId } = message!.properties as { replyTo: string; correlationId: string };
      const properties = { correlationId, ...(type === undefined ? {} : { type }) };
      stranger.sendToQueue(replyTo, Buffer.from(content), properties);
    });
    await using connection = await place.connect();
    expect(await connection.send(createUser(1))).toMatchObject({
      outcome: 'contract-broken',
      noEffect: false,
      detail: expect.stringMatching(detail) as string,
    });
  });

  it('drops what is no request of ours, and what asks for no reply is done unanswered', async () => {
    await using place = await openRabbitmqPlace(url, REQUESTS);
    const { seen, gate, handler } = gated();
    gate.resolve();
    await using stranger = await openStranger(url);
    stranger.sendToQueue(place.queue, Buffer.from('hello'));
    await untilDepth(url, place.queue, 1);
    await using _ = await place.serve(handler);
    await using connection = await place.connect();
    expect(await connection.send(createUser(1))).toMatchObject({ kind: 'reply' });
    expect(seen.items).toHaveLength(1);
    expect(await depthOf(url, place.queue)).toBe(0);
    expect(place.deadLettered).toBeUndefined();
  });
});
