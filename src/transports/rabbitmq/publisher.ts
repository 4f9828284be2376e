import { type ConfirmChannel, IllegalOperationError, type MessageProperties, type Options } from 'amqplib';
import { encodeEnvelope, ENVELOPE_HEADER } from '../../kernel/envelope.ts';
import type { Ack, Call, Message, SendOptions, SendResult } from '../../kernel/transport.ts';
import { BROKER_NACK, CONNECTION_LOST, DOWN, FULL, TIMED_OUT, TOO_LATE, UNROUTABLE } from './failures.ts';
import { keepTogether, type LinkUser } from './link.ts';
import type { RabbitmqRoute } from './names.ts';
import { contentOf, propertiesOf } from './wire.ts';

const ACK: Ack = { kind: 'ack' };
/** amqplib's text in a confirm callback for basic.nack; any other error means that the channel closed. */
const NACKED = 'message nacked';

/** A message as it goes out. */
interface Outgoing {
  readonly exchange: string;
  readonly key: string;
  readonly content: Buffer;
  readonly options: Options.Publish;
  /** Unique among unconfirmed messages. */
  readonly tag: string;
}

export interface Writing {
  readonly write: (message: Message) => Outgoing;
  /** The tag of a mandatory message that came back. */
  readonly tagOf: (properties: MessageProperties) => string;
}

/** The form of our own messages: persistent, recognised by their envelopes. */
export function writeEnveloped(route: RabbitmqRoute): Writing {
  return {
    write: (message) => ({
      exchange: route.exchange,
      key: route.key(message.operation),
      content: contentOf(message.body),
      options: { ...propertiesOf(message), persistent: true },
      tag: encodeEnvelope(message.envelope),
    }),
    tagOf: ({ headers }) => String(headers?.[ENVELOPE_HEADER]),
  };
}

/** The publisher of a work queue or of events: one confirm channel. */
export function createPublisher(
  { write, tagOf }: Writing,
  { maxUnconfirmed }: { readonly maxUnconfirmed: number },
): LinkUser & { readonly send: Call } {
  let channel: ConfirmChannel | undefined;
  // Messages whose caller no longer waits count as well: the client library still holds them.
  let unconfirmed = 0;
  // A mandatory message without a queue is returned before its confirm.
  const returned = new Set<string>();

  const publish = (message: Message, signal: SendOptions['signal']) =>
    new Promise<SendResult>((resolve) => {
      const { exchange, key, content, options, tag } = write(message);
      const timedOut = () => resolve(TIMED_OUT);
      const confirmed = (error: Error | null) => {
        unconfirmed--;
        signal?.removeEventListener('abort', timedOut);
        resolve(resultOf(error, returned.delete(tag)));
      };
      try {
        channel!.publish(exchange, key, content, options, confirmed);
      } catch (error) {
        // amqplib refuses before it writes on a channel that is closing.
        if (error instanceof IllegalOperationError) return resolve(DOWN);
        throw error;
      }
      unconfirmed++;
      signal?.addEventListener('abort', timedOut, { once: true });
    });

  return {
    send: (message, options) => {
      if (!channel) return Promise.resolve(DOWN);
      if (unconfirmed >= maxUnconfirmed) return Promise.resolve(FULL);
      if (options?.signal?.aborted) return Promise.resolve(TOO_LATE);
      return publish(message, options?.signal);
    },
    async up(connection) {
      const fresh = await connection.createConfirmChannel();
      keepTogether(connection, fresh, () => (channel = undefined));
      fresh.on('return', ({ properties }) => returned.add(tagOf(properties)));
      channel = fresh;
    },
    down() {
      channel = undefined;
      returned.clear();
    },
  };
}

function resultOf(error: Error | null, unroutable: boolean): SendResult {
  if (unroutable) return UNROUTABLE;
  if (error === null) return ACK;
  return error.message === NACKED ? BROKER_NACK : CONNECTION_LOST;
}
