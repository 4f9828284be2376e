import { describe, expect, it } from 'vitest';
import type { Handled } from '../../../src/kernel/contract.ts';
import type { Handler, Incoming } from '../../../src/kernel/transport.ts';
import { ledgerOf } from '../../../src/measure/figures/ledger.ts';
import { tallyEffects } from '../../../src/measure/figures/tally.ts';
import { deadLetterQueue } from '../../../src/transports/rabbitmq/names.ts';
import { arrivalsOf, OK } from '../../measure/synthetic.ts';
import { askForBroker } from '../../support/broker-url.ts';
import { depthOf, openRabbitmqPlace, openStranger, untilDepth } from '../../support/rabbitmq-place.ts';
import { createUser } from '../../support/messages.ts';
import { createSink } from '../../support/sink.ts';

const broker = await askForBroker('rabbitmq');
const url = broker.state === 'here' ? broker.url : '';
if (broker.state === 'missing') process.stderr.write(`SKIPPED events over RabbitMQ: ${broker.why}\n`);

const EVENTS = { interaction: 'publish-subscribe', subscribers: 2 } as const;
const DONE: Handled = { kind: 'done', body: {} };
const BAD: Handled = { kind: 'failed', status: 'bad-request', noEffect: true, detail: 'seeded' };
const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const ascending = (a: number, b: number) => a - b;

function subscriber(answer: (message: Incoming) => Handled = () => DONE) {
  const seen = createSink<Incoming>();
  const handler: Handler = async (message) => {
    seen.put(message);
    return answer(message);
  };
  const sequences = () => seen.items.map(({ envelope }) => envelope.sequence).toSorted(ascending);
  return { seen, handler, sequences };
}

describe.skipIf(broker.state === 'missing')('publish-subscribe over RabbitMQ', () => {
  it.each(['topic', 'fanout'] as const)('gives every event to every subscriber, by %s', async (exchange) => {
    await using place = await openRabbitmqPlace(url, { ...EVENTS, options: { exchange } });
    const subscribers = [subscriber(), subscriber()];
    await using _first = await place.serve(subscribers[0]!.handler, 0);
    await using _second = await place.serve(subscribers[1]!.handler, 1);
    await using connection = await place.connect();
    const results = await Promise.all(range(100).map((i) => connection.send(createUser(i))));
    expect(results).toEqual(range(100).map(() => ({ kind: 'ack' })));
    for (const { seen, sequences } of subscribers) {
      await seen.holds(100);
      expect(sequences()).toEqual(range(100));
    }
  });

  it('keeps what a subscriber that is away has not got, and the other does not wait', async () => {
    await using place = await openRabbitmqPlace(url, EVENTS);
    await using connection = await place.connect();
    const [early, late] = [subscriber(), subscriber()];
    await using _early = await place.serve(early.handler, 0);
    for (const i of range(20)) await connection.send(createUser(i));
    await early.seen.holds(20);
    expect(await depthOf(url, place.queues[1]!)).toBe(20);
    await using _late = await place.serve(late.handler, 1);
    await late.seen.holds(20);
    expect(late.sequences()).toEqual(range(20));
    expect(early.seen.items).toHaveLength(20);
  });

  it('names each event by its routing key, so that others may take what they want', async () => {
    await using place = await openRabbitmqPlace(url, EVENTS);
    await using stranger = await openStranger(url);
    const { queue } = await stranger.assertQueue('', { exclusive: true });
    await stranger.bindQueue(queue, place.exchange, 'user.created');
    const keys = createSink<string>();
    await stranger.consume(queue, (message) => keys.put(message!.fields.routingKey), { noAck: true });
    await using connection = await place.connect();
    await connection.send({ ...createUser(0), operation: 'echo' });
    await connection.send(createUser(1));
    await keys.holds(1);
    expect(keys.items).toEqual(['user.created']);
    expect(await depthOf(url, place.queue)).toBe(2);
  });

  it('says error 312, without effect, for an event that nobody is bound to', async () => {
    await using place = await openRabbitmqPlace(url, { ...EVENTS, subscribers: 1 });
    await using stranger = await openStranger(url);
    await stranger.unbindQueue(place.queue, place.exchange, 'user.*');
    await using connection = await place.connect();
    expect(await connection.send(createUser(0))).toMatchObject({
      kind: 'failure',
      outcome: 'error',
      status: 312,
      noEffect: true,
    });
    expect(await connection.send({ ...createUser(1), operation: 'echo' })).toEqual({ kind: 'ack' });
  });

  it("one subscriber's dead letter is lost to no other, and no other's", async () => {
    await using place = await openRabbitmqPlace(url, EVENTS);
    const picky = subscriber(({ envelope }) => (envelope.sequence === 1 ? BAD : DONE));
    await using _picky = await place.serve(picky.handler, 0);
    await using connection = await place.connect();
    for (const i of range(3)) await connection.send(createUser(i));
    await untilDepth(url, deadLetterQueue(place.queues[0]!), 1);
    const deadLettered = await Promise.all([0, 1].map((i) => place.deadLettered!(i)));
    expect(deadLettered).toEqual([[1], []]);
    expect(await place.held!(1)).toBe(3);

    const effects = [0, 2].map((sequence, i) => ({ ...EFFECT, sequence, completedNs: 1000 + i }));
    const { subscribers } = tallyEffects({ trial: 1, count: 3, subscribers: 2 }, effects);
    const [first, second] = subscribers.map((tally, i) =>
      ledgerOf(arrivalsOf([OK, OK, OK]), tally, { deadLettered: new Set(deadLettered[i]) }),
    );
    expect(first).toMatchObject({ lost: 0, accepted: { done1: 2, deadLettered: 1 } });
    expect(second).toMatchObject({ lost: 3, accepted: { done0: 3, deadLettered: 0 } });
  });

  it('leaves neither queues nor exchange behind', async () => {
    const place = await openRabbitmqPlace(url, EVENTS);
    const all = [...place.queues, ...place.queues.map(deadLetterQueue)];
    expect(await Promise.all(all.map((queue) => depthOf(url, queue)))).toEqual(all.map(() => 0));
    await place[Symbol.asyncDispose]();
    expect(await Promise.all(all.map((queue) => depthOf(url, queue)))).toEqual(all.map(() => undefined));
    await using stranger = await openStranger(url);
    await expect(stranger.checkExchange(place.exchange)).rejects.toThrow(/NOT_FOUND/);
  });
});

const EFFECT = {
  trial: 1,
  stage: 'measured',
  attempt: 1,
  key: 0,
  subscriber: 0,
  pid: 1,
  concurrent: 1,
  arrivedNs: NaN,
  begunNs: NaN,
  storedDigest: 0,
} as const;
