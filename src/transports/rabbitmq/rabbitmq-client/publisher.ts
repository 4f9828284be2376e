import type { Channel, Connection, ReturnedMessage } from 'rabbitmq-client';
import { encodeEnvelope, ENVELOPE_HEADER } from '../../../kernel/envelope.ts';
import type { Ack, Call, Message, SendOptions, SendResult } from '../../../kernel/transport.ts';
import { BROKER_NACK, CONNECTION_LOST, DOWN, FULL, TIMED_OUT, TOO_LATE, UNROUTABLE } from '../failures.ts';
import type { RabbitmqRoute } from '../names.ts';
import type { RabbitmqOptions } from '../options.ts';
import { contentOf, propertiesOf } from '../wire.ts';
import { keepChannel } from './channel.ts';

const ACK: Ack = { kind: 'ack' };

type Settings = Pick<RabbitmqOptions, 'maxUnconfirmed' | 'reconnectDelayMs'>;

/** A channel with confirms, as the library's publisher has one; no message is sent twice. */
export async function createConfirmedPublisher(
  connection: Connection,
  route: RabbitmqRoute,
  options: Settings,
): Promise<{ readonly send: Call; close(): Promise<void> }> {
  let channel: Channel | undefined;
  // Messages whose caller no longer waits count as well: the client library still holds them.
  let unconfirmed = 0;
  const returned = new Set<string>();

  const publish = (message: Message, on: Channel, signal: SendOptions['signal']) =>
    new Promise<SendResult>((resolve) => {
      const timedOut = () => resolve(TIMED_OUT);
      const settle = (result: SendResult) => {
        unconfirmed--;
        signal?.removeEventListener('abort', timedOut);
        resolve(result);
      };
      unconfirmed++;
      signal?.addEventListener('abort', timedOut, { once: true });
      const tag = encodeEnvelope(message.envelope);
      const outgoing = {
        ...propertiesOf(message),
        durable: true,
        exchange: route.exchange,
        routingKey: route.key(message.operation),
      };
      on.basicPublish(outgoing, contentOf(message.body)).then(
        // Subtle: the library tells of a returned message one turn of the loop later than of its confirm.
        () => setImmediate(() => settle(returned.delete(tag) ? UNROUTABLE : ACK)),
        (error: { code?: unknown }) => settle(error.code === 'NACK' ? BROKER_NACK : CONNECTION_LOST),
      );
    });

  const close = await keepChannel(connection, options, {
    async up(fresh) {
      fresh.on('basic.return', ({ headers }: ReturnedMessage) => {
        returned.add(String(headers?.[ENVELOPE_HEADER]));
      });
      await fresh.confirmSelect();
      channel = fresh;
    },
    down() {
      channel = undefined;
      returned.clear();
    },
  });
  return {
    send: (message, sendOptions) => {
      // While the broker blocks its publishers, the library would keep it.
      if (!channel || !connection.ready) return Promise.resolve(DOWN);
      if (unconfirmed >= options.maxUnconfirmed) return Promise.resolve(FULL);
      if (sendOptions?.signal?.aborted) return Promise.resolve(TOO_LATE);
      return publish(message, channel, sendOptions?.signal);
    },
    close,
  };
}
