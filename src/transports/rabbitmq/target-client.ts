import { type Channel, IllegalOperationError } from 'amqplib';
import { encodeEnvelope, tracedByName } from '../../kernel/envelope.ts';
import { byOperation, sharedSettings } from '../by-operation.ts';
import { parseBody, parseText } from '../../kernel/text-template.ts';
import type { Ack, Address, Call, Connection, TargetContext, TargetRequest } from '../../kernel/transport.ts';
import { hostOfUrl } from '../../platform/net/endpoint.ts';
import { secureOptions } from '../../platform/net/secure.ts';
import { assertTargetLibrary } from '../target-library.ts';
import { DOWN, FULL, TOO_LATE } from './failures.ts';
import { keepTogether, type LinkUser, openRabbitmqLink } from './link.ts';
import type { RabbitmqOptions } from './options.ts';
import { createPublisher, type Writing } from './publisher.ts';
import type { RabbitmqTarget } from './target.ts';

/** Without a confirm the message's arrival is unknown. */
const UNCONFIRMED: Ack = { kind: 'ack', unconfirmed: true };

/** Publishes to a queue or exchange of the user's own. @throws CommbenchError broker-unreachable */
export async function connectRabbitmqTarget(
  { url, given = url }: Address,
  context: TargetContext<RabbitmqOptions, RabbitmqTarget>,
): Promise<Connection> {
  const { options } = context;
  assertTargetLibrary(options.client, 'amqplib');
  const writeOf = byOperation(context, writeTemplates);
  const writing: Writing = {
    write: (message) => writeOf(message)(message),
    // A message is known by its property `message_id`.
    tagOf: ({ messageId }) => String(messageId),
  };
  const sender = sharedSettings(context).confirm ? createPublisher(writing, options) : createSender(writing);
  const secure = context.tls && secureOptions(context.tls, hostOfUrl(given));
  const link = await openRabbitmqLink(url, options, sender, secure);
  return { send: sender.send, [Symbol.asyncDispose]: () => link[Symbol.asyncDispose]() };
}

function writeTemplates({ settings, seed }: TargetRequest<RabbitmqTarget>): Writing['write'] {
  const { queue, exchange = '', contentType, persistent, confirm } = settings;
  const body = parseBody(settings.body, seed);
  const key = parseText(queue === undefined ? settings.routingKey : '', seed, 'routingKey');
  const headers = Object.entries(settings.headers).map(
    ([name, text]) => [name, parseText(text, seed, `headers.${name}`)] as const,
  );
  return ({ envelope }) => {
    const tag = encodeEnvelope(envelope);
    const filled = Object.fromEntries(headers.map(([name, fill]) => [name, fill(envelope)]));
    return {
      exchange,
      key: queue ?? key(envelope),
      content: Buffer.from(body(envelope)),
      // Without confirms, a returned message would be ignored.
      options: {
        messageId: tag,
        contentType,
        persistent,
        mandatory: confirm,
        headers: tracedByName(filled, envelope),
      },
      tag,
    };
  };
}

/** Sends without a confirm; refuses while the socket's buffer is full, so that nothing piles up in this process. */
function createSender({ write }: Writing): LinkUser & { readonly send: Call } {
  let channel: Channel | undefined;
  let isFull = false;
  const publish: Call = async (message) => {
    const { exchange, key, content, options } = write(message);
    try {
      isFull = !channel!.publish(exchange, key, content, options);
      return UNCONFIRMED;
    } catch (error) {
      // amqplib refuses before it writes on a channel that is closing.
      if (error instanceof IllegalOperationError) return DOWN;
      throw error;
    }
  };
  return {
    send: (message, options) => {
      if (!channel) return Promise.resolve(DOWN);
      if (isFull) return Promise.resolve(FULL);
      if (options?.signal?.aborted) return Promise.resolve(TOO_LATE);
      return publish(message);
    },
    async up(connection) {
      const fresh = await connection.createChannel();
      keepTogether(connection, fresh, () => (channel = undefined));
      fresh.on('drain', () => (isFull = false));
      isFull = false;
      channel = fresh;
    },
    down() {
      channel = undefined;
    },
    // amqplib closes a connection without flushing its channels; a channel is closed in order.
    leave: async () => channel?.close().catch(() => undefined),
  };
}
