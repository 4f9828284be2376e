import { isAnswered } from '../../contracts/interactions.ts';
import type { Channel, ChannelModel } from 'amqplib';
import { CommbenchError } from '../../kernel/errors.ts';
import type { ProvisionContext, Provisioned } from '../../kernel/transport.ts';
import { readDeadLetters } from './dead-letters.ts';
import { withConnection } from './link.ts';
import { BINDINGS, deadLetterQueue, type QueueLocation, queueLocationOf } from './names.ts';
import type { RabbitmqOptions } from './options.ts';

/** If no process is left to delete them, the broker does, an hour after their last use. */
const EXPIRES_MS = 3_600_000;

/**
 * A trial's own durable queues, verified empty, each with a dead-letter queue. For events their exchange too, which
 * disappears with its last queue. A request needs no dead letters: its caller gets the failure.
 */
export async function provisionRabbitmq(context: ProvisionContext<RabbitmqOptions>): Promise<Provisioned> {
  const { brokerUrl: url, options, prefix, interaction, subscribers } = context;
  const place = queueLocationOf(prefix, interaction, subscribers);
  const isAwaited = isAnswered(interaction);
  const onChannel = <T>(use: (channel: Channel) => Promise<T>) =>
    withConnection(url, options, (connection) => withChannel(connection, use));
  const deadLetters = isAwaited ? [] : place.queues.map(deadLetterQueue);

  await onChannel((channel) => makePlace(channel, place, { ...options, deadLetters }));
  return {
    address: { url, queue: prefix },
    ...(isAwaited ? {} : { deadLettered: (subscriber) => readFrom(deadLetters[subscriber]!) }),
    held: (subscriber) =>
      onChannel(async (channel) => (await channel.checkQueue(place.queues[subscriber]!)).messageCount),
    async [Symbol.asyncDispose]() {
      // Without the broker there is nothing left to delete, or it expires.
      await onChannel(async (channel) => {
        for (const queue of [...place.queues, ...deadLetters]) await channel.deleteQueue(queue);
      }).catch(() => undefined);
    },
  };

  function readFrom(queue: string): Promise<number[]> {
    return withConnection(url, options, (connection) => readDeadLetters(connection, queue));
  }
}

interface Making extends Pick<RabbitmqOptions, 'exchange' | 'queueType'> {
  /** By the index of the queue; empty where none is needed. */
  readonly deadLetters: readonly string[];
}

async function makePlace(
  channel: Channel,
  { exchange, queues }: QueueLocation,
  { exchange: type, deadLetters, queueType }: Making,
): Promise<void> {
  if (exchange !== '') await channel.assertExchange(exchange, type, { durable: true, autoDelete: true });
  for (const [i, queue] of queues.entries()) {
    const dead = deadLetters[i];
    if (dead !== undefined) await assertEmptyQueue(channel, dead, {});
    await assertEmptyQueue(channel, queue, {
      'x-queue-type': queueType,
      ...(dead === undefined ? {} : deadLetterArguments(dead)),
    });
    if (exchange === '') continue;
    for (const pattern of BINDINGS) await channel.bindQueue(queue, exchange, pattern);
  }
}

function deadLetterArguments(queue: string): object {
  return { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': queue };
}

async function assertEmptyQueue(channel: Channel, queue: string, extra: object): Promise<void> {
  const { messageCount, consumerCount } = await channel.assertQueue(queue, {
    durable: true,
    arguments: { 'x-expires': EXPIRES_MS, ...extra },
  });
  if (messageCount === 0 && consumerCount === 0) return;
  throw new CommbenchError(
    'broker-unreachable',
    `Expected the queue ${queue} to be new, found ${messageCount} messages and ${consumerCount} consumers`,
    { hint: 'Another run uses this broker, or left this queue: delete it, or give another broker.' },
  );
}

async function withChannel<T>(connection: ChannelModel, use: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  const result = await use(channel);
  await channel.close();
  return result;
}
