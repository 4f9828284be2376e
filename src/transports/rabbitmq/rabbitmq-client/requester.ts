import type { AsyncMessage, Channel, Connection, ReturnedMessage } from 'rabbitmq-client';
import type { Call, Message, SendOptions, SendResult } from '../../../kernel/transport.ts';
import { CONNECTION_LOST, DOWN, FULL, TIMED_OUT, TOO_LATE, UNROUTABLE } from '../failures.ts';
import type { RabbitmqRoute } from '../names.ts';
import type { RabbitmqOptions } from '../options.ts';
import { expiryOf, NO_JSON, REPLY_TO, replyResultOf } from '../replies.ts';
import { contentOf, propertiesOf } from '../wire.ts';
import { keepChannel } from './channel.ts';

type Settings = Pick<RabbitmqOptions, 'maxUnconfirmed' | 'expire' | 'reconnectDelayMs'>;

/**
 * Requests and replies on one channel, as the library's RPCClient makes them; that one cannot give each request the
 * deadline of its caller, nor tell of a request that no queue took.
 */
export async function createChannelRequester(
  connection: Connection,
  route: RabbitmqRoute,
  options: Settings,
): Promise<{ readonly send: Call; close(): Promise<void> }> {
  let channel: Channel | undefined;
  let asked = 0;
  const awaited = new Map<string, (result: SendResult) => void>();

  /** A reply without a waiting caller is dropped. */
  const settle = (id: string, result: SendResult) => {
    const resolve = awaited.get(id);
    awaited.delete(id);
    resolve?.(result);
  };

  const ask = (message: Message, on: Channel, signal: SendOptions['signal']) =>
    new Promise<SendResult>((resolve) => {
      const id = (++asked).toString(36);
      const timedOut = () => settle(id, TIMED_OUT);
      awaited.set(id, (result) => {
        signal?.removeEventListener('abort', timedOut);
        resolve(result);
      });
      signal?.addEventListener('abort', timedOut, { once: true });
      const outgoing = {
        ...propertiesOf(message),
        correlationId: id,
        replyTo: REPLY_TO,
        exchange: route.exchange,
        routingKey: route.key(message.operation),
        ...(options.expire ? expiryOf(message.envelope.deadlineNs) : {}),
      };
      on.basicPublish(outgoing, contentOf(message.body)).catch(() => settle(id, CONNECTION_LOST));
    });

  const close = await keepChannel(connection, options, {
    async up(fresh) {
      fresh.on('basic.return', ({ correlationId }: ReturnedMessage) => {
        settle(String(correlationId), UNROUTABLE);
      });
      const take = (reply: AsyncMessage) => settle(String(reply.correlationId), resultOf(reply));
      await fresh.basicConsume({ queue: REPLY_TO, noAck: true }, take);
      channel = fresh;
    },
    down() {
      channel = undefined;
      for (const id of awaited.keys()) settle(id, CONNECTION_LOST);
    },
  });
  return {
    send: (message, sendOptions) => {
      if (!channel || !connection.ready) return Promise.resolve(DOWN);
      if (awaited.size >= options.maxUnconfirmed) return Promise.resolve(FULL);
      if (sendOptions?.signal?.aborted) return Promise.resolve(TOO_LATE);
      return ask(message, channel, sendOptions?.signal);
    },
    close,
  };
}

/** The library parses JSON by itself, and leaves the bytes of what is none. */
function resultOf({ type, body }: AsyncMessage): SendResult {
  return replyResultOf(type, Buffer.isBuffer(body) ? NO_JSON : body);
}
