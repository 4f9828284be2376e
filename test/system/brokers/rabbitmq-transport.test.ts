import type { Socket } from 'node:net';
import type { ChannelModel } from 'amqplib';
import { describe, expect, it } from 'vitest';
import type { Handled } from '../../../src/kernel/contract.ts';
import type { Incoming } from '../../../src/kernel/transport.ts';
import { ledgerOf } from '../../../src/measure/figures/ledger.ts';
import { tallyEffects } from '../../../src/measure/figures/tally.ts';
import { loadTransportDefinition } from '../../../src/transports/discover.ts';
import { connectRabbitmq } from '../../../src/transports/rabbitmq/client.ts';
import { type RabbitmqOptions, rabbitmqOptionsSchema } from '../../../src/transports/rabbitmq/options.ts';
import { withConnection } from '../../../src/transports/rabbitmq/link.ts';
import { provisionRabbitmq } from '../../../src/transports/rabbitmq/provision.ts';
import { serveRabbitmq } from '../../../src/transports/rabbitmq/server.ts';
import { askForBroker } from '../../support/broker-url.ts';
import { arrivalsOf, OK } from '../../measure/synthetic.ts';
import { openProxy } from '../../support/proxy.ts';
import { depthOf, openRabbitmqPlace, openStranger, untilDepth } from '../../support/rabbitmq-place.ts';
import { openServiceTestbed } from '../../support/service-bench.ts';
import { createUser } from '../../support/messages.ts';
import { createSink } from '../../support/sink.ts';

const broker = await askForBroker('rabbitmq');
const url = broker.state === 'here' ? broker.url : '';
if (broker.state === 'missing') process.stderr.write(`SKIPPED the RabbitMQ transport: ${broker.why}\n`);

const open = (options: Partial<RabbitmqOptions> = {}) =>
  openRabbitmqPlace(url, { interaction: 'work-queue', options });
const untilDeadLettered = ({ dead }: { dead: string }, count: number) => untilDepth(url, dead, count);

const failed = (status: 'bad-request' | 'internal'): Handled => ({
  kind: 'failed',
  status,
  noEffect: true,
  detail: 'seeded',
});

describe.skipIf(broker.state === 'missing')('the RabbitMQ transport', () => {
  it('provisions empty durable queues and deletes them', async () => {
    const place = await open();
    expect(await depthOf(url, place.queue)).toBe(0);
    expect(await depthOf(url, place.dead)).toBe(0);
    await place[Symbol.asyncDispose]();
    expect(await depthOf(url, place.queue)).toBeUndefined();
    expect(await depthOf(url, place.dead)).toBeUndefined();
  });

  it('waits for nothing on a connection that is gone', async () => {
    const cut = (connection: ChannelModel) => {
      (connection.connection as unknown as { stream: Socket }).stream.destroy(new Error('cut'));
      return new Promise(() => undefined);
    };
    const gone = withConnection(url, rabbitmqOptionsSchema.parse({}), cut);
    await expect(gone).rejects.toThrow('the broker closed the connection');
  });

  it('refuses a queue that is not empty', async () => {
    await using place = await open();
    await using connection = await place.connect();
    await connection.send(createUser(1));
    const { options } = place;
    const again = provisionRabbitmq({
      options,
      interaction: 'work-queue',
      concurrency: 2,
      subscribers: 1,
      brokerUrl: url,
      prefix: place.prefix,
    });
    await expect(again).rejects.toThrow(/to be new, found 1 messages and 0 consumers/);
  });

  it('says error 312, without effect, for what no queue takes', async () => {
    await using place = await open();
    const nowhere = { ...place.address, queue: 'commbench.no-such-queue' };
    await using connection = await connectRabbitmq(nowhere, place.context);
    const results = await Promise.all([connection.send(createUser(1)), connection.send(createUser(2))]);
    for (const result of results) {
      expect(result).toMatchObject({ kind: 'failure', outcome: 'error', status: 312, noEffect: true });
    }
  });

  it('refuses past its bound on unconfirmed messages', async () => {
    await using place = await open({ maxUnconfirmed: 3 });
    await using connection = await place.connect();
    const results = await Promise.all([0, 1, 2, 3, 4].map((n) => connection.send(createUser(n))));
    expect(results.map((result) => (result.kind === 'failure' ? result.outcome : result.kind))).toEqual([
      'ack',
      'ack',
      'ack',
      'refused',
      'refused',
    ]);
    expect(await connection.send(createUser(5))).toEqual({ kind: 'ack' });
    expect(await depthOf(url, place.queue)).toBe(4);
  });

  it.each([
    ['a bad request', failed('bad-request'), 'requeue'],
    ['failed work, by default', failed('internal'), 'dead-letter'],
  ] as const)('dead-letters %s', async (_what, handled, onFailure) => {
    await using place = await open({ onFailure });
    await using _ = await place.serve(async () => handled);
    await using connection = await place.connect();
    await connection.send(createUser(1));
    await untilDeadLettered(place, 1);
    expect(await depthOf(url, place.queue)).toBe(0);
  });

  it('names the measured messages in its dead-letter queue, and leaves them there', async () => {
    await using place = await open();
    expect(await place.deadLettered!(0)).toEqual([]);
    await using _ = await place.serve(async () => failed('bad-request'));
    await using connection = await place.connect();
    for (let i = 0; i < 40; i++) await connection.send(createUser(i));
    await connection.send(createUser(99, { stage: 'warm-up' }));
    // Sent twice, it is still one arrival.
    await connection.send(createUser(7, { attempt: 2 }));
    await untilDeadLettered(place, 42);
    const found = await place.deadLettered!(0);
    expect(found.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_unused, i) => i));
    await untilDeadLettered(place, 42);
  });

  it('ends what the service refuses as a bad request in the dead-letter cell of the ledger', async () => {
    await using place = await open();
    const definition = await loadTransportDefinition('rabbitmq');
    const subject = { name: 'rabbitmq', definition, interaction: 'work-queue' } as const;
    await using testbed = await openServiceTestbed({ ...subject, brokerUrl: url, missing: undefined });
    await using service = await testbed.start({}, place.address);
    await using connection = await connectRabbitmq(service.address, place.context);
    const messages = [createUser(0), { ...createUser(1), body: { name: 'no address' } }, createUser(2)];
    for (const message of messages) expect(await connection.send(message)).toEqual({ kind: 'ack' });
    const effects = await testbed.holds(2);
    await untilDeadLettered(place, 1);
    const { subscribers } = tallyEffects({ trial: 1, count: 3, subscribers: 1 }, effects);
    const dead = new Set(await place.deadLettered!(0));
    const ledger = ledgerOf(arrivalsOf([OK, OK, OK]), subscribers[0]!, { deadLettered: dead });
    expect(ledger).toMatchObject({
      accepted: { done0: 0, done1: 2, doneMore: 0, deadLettered: 1 },
      lost: 0,
      examples: { deadLettered: [1] },
    });
  });

  it('gives failed work out again where that is asked for', async () => {
    await using place = await open({ onFailure: 'requeue' });
    const seen = createSink<Incoming>();
    await using _ = await place.serve(async (message) => {
      seen.put(message);
      return message.redelivered ? { kind: 'done', body: {} } : failed('internal');
    });
    await using connection = await place.connect();
    await connection.send(createUser(1));
    await seen.holds(2);
    expect(seen.items.map((message) => message.redelivered)).toEqual([false, true]);
  });

  it('dead-letters a message that is not ours', async () => {
    await using place = await open();
    const seen = createSink<Incoming>();
    await using _ = await place.serve(async (message) => {
      seen.put(message);
      return { kind: 'done', body: {} };
    });
    await using stranger = await openStranger(url);
    stranger.sendToQueue(place.queue, Buffer.from('hello'));
    await untilDeadLettered(place, 1);
    expect(seen.items).toEqual([]);
  });

  it('says that it is lost when the broker stays away', async () => {
    await using place = await open({ reconnectDelayMs: 10, reconnectForMs: 50 });
    await using proxy = await openProxy(place.address);
    await using server = await serveRabbitmq(async () => ({ kind: 'done', body: {} }), {
      ...place.context,
      address: proxy.address,
    });
    await proxy.cut();
    expect(await server.lost).toMatch(/was unreachable for 50 ms: .*ECONNREFUSED/);
  });

  it('as amqplib ships, never comes back, and never says so: others have given up by then', async () => {
    const reconnect = { reconnectDelayMs: 10, reconnectForMs: 50 };
    await using place = await open(reconnect);
    await using shipped = await open({ ...reconnect, profile: 'library-defaults' });
    await using proxy = await openProxy(place.address);
    const handler = async () => ({ kind: 'done', body: {} }) as const;
    const through = { address: proxy.address };
    await using patient = await serveRabbitmq(handler, { ...place.context, ...through });
    await using server = await serveRabbitmq(handler, { ...shipped.context, ...through });
    await proxy.cut();
    await patient.lost;
    expect(await Promise.race([server.lost, Promise.resolve('not lost')])).toBe('not lost');
  });

  it('says that it is lost when its queue is deleted under it', async () => {
    const place = await open({ reconnectDelayMs: 10, reconnectForMs: 50 });
    await using server = await place.serve(async () => ({ kind: 'done', body: {} }));
    await place[Symbol.asyncDispose]();
    expect(await server.lost).toMatch(/NOT_FOUND/);
  });

  it('says where it looked when there is no broker', async () => {
    const address = { url: 'amqp://guest:secret@127.0.0.1:1', queue: 'q' };
    const connection = connectRabbitmq(address, {
      options: rabbitmqOptionsSchema.parse({}),
      interaction: 'work-queue',
    });
    await expect(connection).rejects.toMatchObject({
      code: 'broker-unreachable',
      message: expect.stringMatching(/^(?!.*secret).*127\.0\.0\.1:1.*ECONNREFUSED/) as string,
    });
  });
});
