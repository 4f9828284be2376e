import type { ChannelModel } from 'amqplib';
import { CommbenchError } from '../../kernel/errors.ts';
import type { ProvisionContext, Provisioned } from '../../kernel/transport.ts';
import { readDeadLetters } from './dead-letters.ts';
import { withConnection } from './link.ts';
import type { RabbitmqOptions } from './options.ts';

/** Should nobody be left to delete them, the broker does, an hour after their last use. */
const EXPIRES_MS = 3_600_000;

/** A trial's own durable queue, verified empty, and one beside it for messages that no handler wants. */
export async function provisionRabbitmq(context: ProvisionContext<RabbitmqOptions>): Promise<Provisioned> {
  const { brokerUrl: url, options, prefix: queue } = context;
  const deadLetterQueue = `${queue}.dead`;
  await withConnection(url, options, async (connection) => {
    await assertEmptyQueue(connection, deadLetterQueue, {});
    const deadLetters = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': deadLetterQueue };
    await assertEmptyQueue(connection, queue, deadLetters);
  });
  return {
    address: { url, queue, deadLetterQueue },
    deadLettered: () =>
      withConnection(url, options, (connection) => readDeadLetters(connection, deadLetterQueue)),
    async [Symbol.asyncDispose]() {
      // With the broker gone there is nothing left to delete, or it expires.
      await withConnection(url, options, (connection) =>
        deleteQueues(connection, [queue, deadLetterQueue]),
      ).catch(() => undefined);
    },
  };
}

async function assertEmptyQueue(connection: ChannelModel, queue: string, extra: object): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  const { messageCount, consumerCount } = await channel.assertQueue(queue, {
    durable: true,
    arguments: { 'x-expires': EXPIRES_MS, ...extra },
  });
  await channel.close();
  if (messageCount === 0 && consumerCount === 0) return;
  throw new CommbenchError(
    'broker-unreachable',
    `Expected the queue ${queue} to be new, found ${messageCount} messages and ${consumerCount} consumers`,
    { hint: 'Another run uses this broker, or left this queue: delete it, or give another broker' },
  );
}

async function deleteQueues(connection: ChannelModel, queues: readonly string[]): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  for (const queue of queues) await channel.deleteQueue(queue);
  await channel.close();
}
