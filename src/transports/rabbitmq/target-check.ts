import type { Channel, ChannelModel } from 'amqplib';
import { CommbenchError } from '../../kernel/errors.ts';

/** AMQP's reply code for what is not there. */
const NOT_FOUND = 404;

/**
 * A queue of the user's own: looked for, and made only where that is asked for.
 * @throws CommbenchError child-failed where there is none
 */
export async function checkQueue(
  connection: ChannelModel,
  queue: string,
  { declare }: { readonly declare: boolean },
): Promise<void> {
  const use = declare
    ? (channel: Channel) => channel.assertQueue(queue, { durable: true })
    : (channel: Channel) => channel.checkQueue(queue);
  await withChannel(connection, `a queue ${queue}`, use);
}

/** @throws CommbenchError child-failed where there is none */
export async function checkExchange(connection: ChannelModel, exchange: string): Promise<void> {
  await withChannel(connection, `an exchange ${exchange}`, (channel) => channel.checkExchange(exchange));
}

/** On a channel of its own: the broker closes the one on which something was asked for in vain. */
async function withChannel(
  connection: ChannelModel,
  what: string,
  use: (channel: Channel) => Promise<unknown>,
): Promise<void> {
  const channel = await connection.createChannel();
  // Every error of it is also the rejection of what was asked.
  channel.on('error', () => {});
  try {
    await use(channel);
    await channel.close();
  } catch (cause) {
    throw refused(what, cause as Error & { code?: number });
  }
}

function refused(what: string, cause: Error & { code?: number }): CommbenchError {
  const found = cause.code === NOT_FOUND ? 'none of that name' : cause.message;
  return new CommbenchError('child-failed', `Expected ${what}, found ${found}`, {
    hint: 'It is the user who makes queues and exchanges: create it, mend its name, or set `declare: true` for a queue',
    cause,
  });
}
