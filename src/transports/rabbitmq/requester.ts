import { type Channel, type ConsumeMessage, IllegalOperationError } from 'amqplib';
import type { Call, Message, SendOptions, SendResult } from '../../kernel/transport.ts';
import { CONNECTION_LOST, DOWN, FULL, TIMED_OUT, TOO_LATE, UNROUTABLE } from './failures.ts';
import { keepTogether, type LinkUser } from './link.ts';
import type { RabbitmqRoute } from './names.ts';
import type { RabbitmqOptions } from './options.ts';
import { expiryOf, jsonOf, REPLY_TO, replyResultOf } from './replies.ts';
import { contentOf, propertiesOf } from './wire.ts';

/** Sends requests to a queue and awaits the reply by its correlation id: one channel for requests and replies. */
export function createRequester(
  route: RabbitmqRoute,
  { maxUnconfirmed, expire }: Pick<RabbitmqOptions, 'maxUnconfirmed' | 'expire'>,
): LinkUser & { readonly send: Call } {
  let channel: Channel | undefined;
  let asked = 0;
  const awaited = new Map<string, (result: SendResult) => void>();

  /** A reply without a waiting caller is dropped. */
  const settle = (id: string, result: SendResult) => {
    const resolve = awaited.get(id);
    awaited.delete(id);
    resolve?.(result);
  };

  const ask = (message: Message, signal: SendOptions['signal']) =>
    new Promise<SendResult>((resolve) => {
      const id = (++asked).toString(36);
      const timedOut = () => settle(id, TIMED_OUT);
      awaited.set(id, (result) => {
        signal?.removeEventListener('abort', timedOut);
        resolve(result);
      });
      signal?.addEventListener('abort', timedOut, { once: true });
      const options = {
        ...propertiesOf(message),
        correlationId: id,
        replyTo: REPLY_TO,
        ...(expire ? expiryOf(message.envelope.deadlineNs) : {}),
      };
      try {
        channel!.publish(route.exchange, route.key(message.operation), contentOf(message.body), options);
      } catch (error) {
        // amqplib refuses before it writes on a channel that is closing.
        if (!(error instanceof IllegalOperationError)) throw error;
        settle(id, DOWN);
      }
    });

  return {
    send: (message, options) => {
      if (!channel) return Promise.resolve(DOWN);
      if (awaited.size >= maxUnconfirmed) return Promise.resolve(FULL);
      if (options?.signal?.aborted) return Promise.resolve(TOO_LATE);
      return ask(message, options?.signal);
    },
    async up(connection) {
      const fresh = await connection.createChannel();
      keepTogether(connection, fresh, () => (channel = undefined));
      fresh.on('return', ({ properties }) => settle(String(properties.correlationId), UNROUTABLE));
      const onReply = (reply: ConsumeMessage | null) => {
        if (reply) settle(String(reply.properties.correlationId), resultOf(reply));
      };
      await fresh.consume(REPLY_TO, onReply, { noAck: true });
      channel = fresh;
    },
    down() {
      channel = undefined;
      for (const id of awaited.keys()) settle(id, CONNECTION_LOST);
    },
  };
}

function resultOf({ properties, content }: ConsumeMessage): SendResult {
  const type: unknown = properties.type;
  return replyResultOf(type, jsonOf(content));
}
