import { describe, expect, it, vi } from 'vitest';
import type { Call, Incoming, SendResult } from '../../../src/kernel/transport.ts';
import { topicLocationOf } from '../../../src/transports/kafka/address.ts';
import { loadClient } from '../../../src/transports/kafka/links/load-client.ts';
import type { KafkaOptions } from '../../../src/transports/kafka/options.ts';
import { provisionKafka } from '../../../src/transports/kafka/provision.ts';
import { serveKafka } from '../../../src/transports/kafka/server.ts';
import { withPatience } from '../../../src/transports/with-patience.ts';
import { outcomeOf } from '../../contract/place.ts';
import { askForBroker } from '../../support/broker-url.ts';
import { startOwnBroker } from '../../support/own-broker.ts';
import { committedBy, KAFKA_SLOTS, namesIn, openKafkaPlace, recordsIn } from '../../support/kafka-place.ts';
import { openProxy } from '../../support/proxy.ts';
import { createUser } from '../../support/messages.ts';
import { createSink } from '../../support/sink.ts';

const broker = await askForBroker('kafka');
const url = broker.state === 'here' ? broker.url : '';
if (broker.state === 'missing') process.stderr.write(`SKIPPED the Kafka transport: ${broker.why}\n`);

const CLIENTS = ['kafkajs', 'platformatic'] as const;
type Place = Awaited<ReturnType<typeof openKafkaPlace>>;

/** A subscriber that keeps what it is given. */
async function openSubscriber(place: Place, subscriber = 0, at = place.address) {
  const seen = createSink<Incoming>();
  const keep = async (message: Incoming) => {
    seen.put(message);
    return { kind: 'done', body: message.body } as const;
  };
  const server = await place.serve(keep, subscriber, at);
  return { seen, lost: server.lost, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const sequencesOf = (items: readonly Incoming[]) => items.map(({ envelope }) => envelope.sequence);
const ascending = (a: number, b: number) => a - b;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe.skipIf(broker.state === 'missing')('the Kafka transport', () => {
  it('provisions a new topic with a partition per slot, and removes it with its groups and reply topics', async () => {
    const place = await openKafkaPlace(url, { interaction: 'request-reply' });
    const server = await openSubscriber(place);
    const connection = await place.connect();
    const { topics, groups } = await namesIn(url, place.prefix);
    expect(topics).toEqual([place.prefix, expect.stringContaining(`${place.prefix}.replies-`)]);
    expect(groups).toHaveLength(2);
    await connection[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
    expect(await namesIn(url, place.prefix)).toEqual({ topics: [], groups: [] });
  });

  it('refuses a topic that is not new', async () => {
    await using place = await openKafkaPlace(url);
    await using connection = await place.connect();
    await connection.send(createUser(1));
    const { options, prefix } = place;
    const again = {
      options,
      interaction: 'publish-subscribe',
      concurrency: 3,
      subscribers: 1,
      brokerUrl: url,
    } as const;
    await expect(provisionKafka({ ...again, prefix })).rejects.toThrow(
      /to be new, found 1 records in 3 partitions/,
    );
  });

  it.each(CLIENTS)(
    '%s: gives each subscriber everything, in order of each key, and goes on where it left',
    async (client) => {
      await using place = await openKafkaPlace(url, { options: { client } });
      await using first = await openSubscriber(place, 0);
      const second = await openSubscriber(place, 1);
      await using connection = await place.connect();
      const send = (sequence: number) => connection.send(createUser(sequence, { key: sequence % 7 }));
      const results = await Promise.all(range(0, 200).map(send));
      expect(new Set(results.map((result) => result.kind))).toEqual(new Set(['ack']));
      for (const { seen } of [first, second]) {
        await seen.holds(200);
        for (const key of range(0, 7)) {
          const ofKey = sequencesOf(seen.items.filter(({ envelope }) => envelope.key === key));
          expect(ofKey).toEqual(range(0, 200).filter((sequence) => sequence % 7 === key));
        }
      }
      await second[Symbol.asyncDispose]();
      await Promise.all(range(200, 220).map(send));
      await using again = await openSubscriber(place, 1);
      await again.seen.holds(20);
      await send(220);
      await again.seen.holds(21);
      // What it had committed does not come again.
      expect(sequencesOf(again.seen.items).toSorted(ascending)).toEqual(range(200, 221));
    },
  );

  it.each(CLIENTS)('%s: the broker has what a subscriber has not committed', async (client) => {
    await using place = await openKafkaPlace(url, { options: { client } });
    await using connection = await place.connect();
    for (const sequence of range(0, 5)) await connection.send(createUser(sequence));
    expect(await Promise.all([0, 1].map(place.held))).toEqual([5, 5]);
    await using first = await openSubscriber(place, 0);
    await first.seen.holds(5);
    await vi.waitUntil(async () => (await place.held(0)) === 0, { timeout: 20_000 });
    expect(await place.held(1)).toBe(5);
  });

  it.each(CLIENTS)('%s: answers are read without commits', async (client) => {
    await using place = await openKafkaPlace(url, { interaction: 'request-reply', options: { client } });
    await using _server = await openSubscriber(place);
    await using connection = await place.connect();
    for (const sequence of range(0, 5)) {
      expect(await connection.send(createUser(sequence))).toMatchObject({ kind: 'reply' });
    }
    const group = (await namesIn(url, place.prefix)).groups.find((name) => name.includes('.replies-'))!;
    expect(await committedBy(url, group, group)).toEqual(['-1']);
  });

  it.each(CLIENTS)(
    '%s: works on one record of a partition at a time, on several partitions at once',
    async (client) => {
      await using place = await openKafkaPlace(url, { options: { client } });
      await using connection = await place.connect();
      // All are there before the first fetch: kafkajs fetches again only when it has worked off the last one.
      await Promise.all(
        range(0, 60).map((sequence) => connection.send(createUser(sequence, { key: sequence }))),
      );
      const atWork = new Set<number>();
      let most = 0;
      const all = createSink<number>();
      await using _ = await place.serve(async ({ envelope, body }) => {
        atWork.add(envelope.sequence);
        most = Math.max(most, atWork.size);
        await new Promise((resolve) => setImmediate(resolve));
        atWork.delete(envelope.sequence);
        all.put(envelope.sequence);
        return { kind: 'done', body };
      });
      await all.holds(60);
      expect(most).toBe(KAFKA_SLOTS);
    },
  );

  it.each(
    CLIENTS.flatMap((writer) =>
      (['gzip', 'lz4', 'zstd', 'snappy'] as const).map((codec) => ({ writer, codec })),
    ),
  )('$writer with $codec is read by both clients', async ({ writer, codec: compression }) => {
    await using place = await openKafkaPlace(url, { options: { client: writer, compression, lingerMs: 5 } });
    await using connection = await place.connect();
    const body = { payload: 'na'.repeat(2000) };
    await Promise.all(
      range(0, 20).map((i) => connection.send({ ...createUser(i), operation: 'echo', body })),
    );
    for (const client of CLIENTS) {
      await using reader = await openSubscriber(readBy(client, place), CLIENTS.indexOf(client));
      await reader.seen.holds(20);
      for (const item of reader.seen.items) expect(item.body).toEqual(body);
    }
  });

  it.each(CLIENTS)('%s with acks 0 says that nobody confirmed', async (client) => {
    await using place = await openKafkaPlace(url, { options: { client, acks: 0 } });
    await using subscriber = await openSubscriber(place);
    await using connection = await place.connect();
    expect(await connection.send(createUser(1))).toEqual({ kind: 'ack', unconfirmed: true });
    await subscriber.seen.holds(1);
  });

  it.each(CLIENTS)('%s: gathers records for as long as it is told', async (client) => {
    await using place = await openKafkaPlace(url, {
      options: { client, lingerMs: 1000, maxBatchRecords: 50 },
    });
    await using connection = await place.connect();
    const results = await Promise.all(range(0, 100).map((i) => connection.send(createUser(i))));
    expect(results).toEqual(range(0, 100).map(() => ({ kind: 'ack' })));
    expect(await recordsIn(url, place.prefix)).toBe(100);
  });

  it.each(CLIENTS)('%s: refuses past its bound on unconfirmed messages', async (client) => {
    await using place = await openKafkaPlace(url, { options: { client, maxUnconfirmed: 3 } });
    await using connection = await place.connect();
    const results = await Promise.all(range(0, 5).map((i) => connection.send(createUser(i))));
    expect(results.map((result) => (result.kind === 'failure' ? result.outcome : result.kind))).toEqual([
      'ack',
      'ack',
      'ack',
      'refused',
      'refused',
    ]);
    expect(await connection.send(createUser(5))).toEqual({ kind: 'ack' });
    expect(await recordsIn(url, place.prefix)).toBe(4);
  });

  it.each(CLIENTS)('%s: says error 10, without effect, for what the broker never takes', async (client) => {
    await using place = await openKafkaPlace(url, { options: { client } });
    await using connection = await place.connect();
    const body = { payload: 'x'.repeat(11_000_000) };
    const result = await connection.send({ ...createUser(1), operation: 'echo', body });
    expect(result).toMatchObject({ kind: 'failure', outcome: 'error', status: 10, noEffect: true });
    expect(await recordsIn(url, place.prefix)).toBe(0);
  });

  it.each(CLIENTS)('%s: passes over work that failed and records that are not ours', async (client) => {
    await using place = await openKafkaPlace(url, { options: { client } });
    const stranger = await (
      await loadClient(topicLocationOf(place.address), place.options)
    ).openProducer(topicLocationOf(place.address), place.options, [place.prefix]);
    await stranger.produce([{ topic: place.prefix, key: '0', value: Buffer.from('hello'), headers: {} }]);
    await stranger[Symbol.asyncDispose]();
    const seen = createSink<number>();
    await using _ = await place.serve(async ({ envelope, body }) => {
      seen.put(envelope.sequence);
      return envelope.sequence === 2
        ? { kind: 'done', body }
        : { kind: 'failed', status: 'internal', noEffect: true, detail: '' };
    });
    await using connection = await place.connect();
    for (const sequence of [0, 1, 2]) await connection.send(createUser(sequence));
    await seen.holds(3);
    expect(seen.items).toEqual([0, 1, 2]);
  });

  /** Until the client has noticed the cut, what it sends is lost on its way. */
  async function untilRefused(send: Call): Promise<void> {
    for (let result: SendResult | undefined; result?.kind !== 'failure' || result.outcome !== 'refused';)
      result = await send(createUser(1_000_000));
    expect(await send(createUser(1_000_000))).toMatchObject({ isAway: true, noEffect: true });
  }

  it.each(CLIENTS)(
    '%s: both sides come back after their connections were cut; nothing is sent twice, and what was kept is',
    async (client) => {
      await using place = await openKafkaPlace(url, { options: { client } });
      await using proxy = await openProxy(place.address);
      await using subscriber = await openSubscriber(place, 0, proxy.address);
      const plain = await place.connect(proxy.address);
      await using connection = withPatience(plain, { patience: 'keep', deadlineMs: 60_000 });
      await connection.send(createUser(0));
      await subscriber.seen.holds(1);
      await proxy.cut();
      await untilRefused(plain.send);
      const waiting = range(1, 21).map((sequence) => connection.send(createUser(sequence)));
      const bound = new AbortController();
      const givenUp = connection.send(createUser(21), { signal: bound.signal });
      // Once it is held: a refusal takes some turns of the microtask queue.
      await new Promise((resolve) => setImmediate(resolve));
      bound.abort();
      expect(await givenUp).toMatchObject({ kind: 'failure', outcome: 'timeout', noEffect: false });
      await proxy.restore();
      expect(new Set((await Promise.all(waiting)).map(({ kind }) => kind))).toEqual(new Set(['ack']));
      // Also the one that its sender no longer waited for.
      await subscriber.seen.holds(22);
      expect(sequencesOf(subscriber.seen.items).toSorted(ascending)).toEqual(range(0, 22));
    },
  );

  it.each(CLIENTS)('%s: gives an answer to each of many requests, also after a cut', async (client) => {
    await using place = await openKafkaPlace(url, { interaction: 'request-reply', options: { client } });
    await using proxy = await openProxy(place.address);
    await using _ = await openSubscriber(place, 0, proxy.address);
    const plain = await place.connect(proxy.address);
    await using connection = withPatience(plain, { patience: 'wait', deadlineMs: 60_000 });
    const ask = (from: number) =>
      range(from, from + 20).map(async (i) => [
        createUser(i).body,
        await connection.send(createUser(i, { key: i })),
      ]);
    for (const [body, reply] of await Promise.all(ask(0))) expect(reply).toEqual({ kind: 'reply', body });
    await proxy.cut();
    await untilRefused(plain.send);
    const asked = ask(20);
    await proxy.restore();
    for (const [body, reply] of await Promise.all(asked)) expect(reply).toEqual({ kind: 'reply', body });
  });

  it('loses nothing that it accepted when its broker is killed and comes back, and waiting sends go out', async () => {
    await using own = await startOwnBroker('kafka');
    await using stack = new AsyncDisposableStack();
    const pairs = await Promise.all(
      CLIENTS.map(async (client) => {
        const place = stack.use(await openKafkaPlace(own.url, { options: { client } }));
        const subscriber = stack.use(await openSubscriber(place));
        const plain = await place.connect();
        const connection = withPatience(plain, { patience: 'keep', deadlineMs: 60_000 });
        return { subscriber, plain, connection: stack.use(connection) };
      }),
    );
    const sendAll = (from: number, to: number) =>
      pairs.flatMap(({ connection }) =>
        range(from, to).map((i) => connection.send(createUser(i, { key: i }))),
      );
    await Promise.all(sendAll(0, 50));
    const target = own.faultTarget!;
    const underWay = sendAll(50, 100);
    await target.signal('SIGKILL');
    await target.ended();
    await Promise.all(pairs.map(({ plain }) => untilRefused(plain.send)));
    const waiting = sendAll(100, 150);
    await target.restart();
    const results = await Promise.all([...waiting, ...sendAll(150, 151)]);
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['ack']));
    // What was under way is accepted or unknown; nothing repeats it.
    const fates = await Promise.all(underWay);
    for (const fate of fates) expect(['ack', 'connection-lost']).toContain(outcomeOf(fate) ?? fate.kind);
    for (const [i, { subscriber }] of pairs.entries()) {
      const its = fates.slice(50 * i, 50 * (i + 1));
      const accepted = its.flatMap(({ kind }, at) => (kind === 'ack' ? [50 + at] : []));
      const due = new Set([...range(0, 50), ...accepted, ...range(100, 151)]);
      while (!due.isSubsetOf(new Set(sequencesOf(subscriber.seen.items)))) {
        await subscriber.seen.holds(subscriber.seen.items.length + 1);
      }
    }
  });

  it('says where it looked when there is no broker', async () => {
    await using place = await openKafkaPlace(url);
    await expect(place.connect({ url: 'kafka://127.0.0.1:1', topic: 't' })).rejects.toMatchObject({
      code: 'broker-unreachable',
      message: expect.stringMatching(/127\.0\.0\.1:1.*ECONNREFUSED/) as string,
    });
  });
});

/** The same place, read by a library of the test's choice. */
function readBy(client: KafkaOptions['client'], place: Place): Place {
  const options = { ...place.options, client };
  const context = { options, interaction: 'publish-subscribe', concurrency: KAFKA_SLOTS } as const;
  const { address } = place;
  return {
    ...place,
    serve: (handler, subscriber) => serveKafka(handler, { ...context, address, subscriber: subscriber ?? 0 }),
  };
}
