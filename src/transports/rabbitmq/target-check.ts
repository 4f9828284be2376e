import type { Channel, ChannelModel } from 'amqplib';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Address, FoundTarget, TargetContext } from '../../kernel/transport.ts';
import { hostOfUrl } from '../../platform/net/endpoint.ts';
import { secureOptions } from '../../platform/net/secure.ts';
import { withConnection } from './link.ts';
import type { RabbitmqOptions } from './options.ts';
import type { RabbitmqTarget } from './target.ts';

/** AMQP's reply code for a missing queue or exchange. */
const NOT_FOUND = 404;

/**
 * Checks a queue or exchange of the user's own. A queue is created only where requested, and nothing is deleted.
 * @throws CommbenchError child-failed where it does not exist; broker-unreachable
 */
export async function findRabbitmqTarget(
  address: Address,
  { options, requests, tls }: TargetContext<RabbitmqOptions, RabbitmqTarget>,
): Promise<FoundTarget> {
  const secure = tls && secureOptions(tls, hostOfUrl(address.url));
  const here = <T>(use: (connection: ChannelModel) => Promise<T>) =>
    withConnection(address.url, options, use, secure);
  const queues = new Set<string>();
  for (const { queue, exchange, declare } of [...requests.values()].map(({ settings }) => settings)) {
    if (queue === undefined) await here((connection) => checkExchange(connection, exchange!));
    else queues.add(queue);
    if (queue !== undefined && declare) await here((connection) => declareQueue(connection, queue));
  }
  const heldIn = (queue: string) => here((connection) => checkQueue(connection, queue));
  const held = async () => {
    let sum = 0;
    for (const queue of queues) sum += await heldIn(queue);
    return sum;
  };
  await held();
  // What an exchange was given is in queues that nobody named.
  const isAllKnown = [...requests.values()].every(({ settings }) => settings.queue !== undefined);
  return isAllKnown ? { address, held } : { address };
}

/**
 * @returns number of messages ready for delivery
 * @throws CommbenchError child-failed where it does not exist
 */
export async function checkQueue(connection: ChannelModel, queue: string): Promise<number> {
  const checked = await withChannel(connection, `queue ${queue}`, (channel) => channel.checkQueue(queue));
  return checked.messageCount;
}

/** An existing queue stays as its owner made it: with other arguments the broker would refuse to declare it again. */
async function declareQueue(connection: ChannelModel, queue: string): Promise<void> {
  if (await isThere(connection, queue)) return;
  await withChannel(connection, `durable queue ${queue}`, (channel) =>
    channel.assertQueue(queue, { durable: true }),
  );
}

async function isThere(connection: ChannelModel, queue: string): Promise<boolean> {
  try {
    await checkQueue(connection, queue);
    return true;
  } catch (error) {
    const { cause } = error as { cause?: { code?: number } };
    if (cause?.code === NOT_FOUND) return false;
    throw error;
  }
}

async function checkExchange(connection: ChannelModel, exchange: string): Promise<void> {
  await withChannel(connection, `exchange ${exchange}`, (channel) => channel.checkExchange(exchange));
}

/** On a channel of its own: the broker closes a channel after a failed check. */
async function withChannel<T>(
  connection: ChannelModel,
  what: string,
  use: (channel: Channel) => Promise<T>,
): Promise<T> {
  const channel = await connection.createChannel();
  // Each of its errors also rejects the pending request.
  channel.on('error', () => {});
  try {
    const result = await use(channel);
    await channel.close();
    return result;
  } catch (cause) {
    throw refused(what, cause as Error & { code?: number });
  }
}

function refused(what: string, cause: Error & { code?: number }): CommbenchError {
  const problem = cause.code === NOT_FOUND ? 'does not exist' : `cannot be used: ${cause.message}`;
  return new CommbenchError('child-failed', `The ${what} ${problem}`, {
    hint: 'Create it, correct its name, or set `declare: true` for a queue.',
    cause,
  });
}
