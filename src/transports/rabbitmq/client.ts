import { type ChannelModel, type ConfirmChannel, IllegalOperationError } from 'amqplib';
import { encodeEnvelope, ENVELOPE_HEADER } from '../../kernel/envelope.ts';
import type {
  Ack,
  Address,
  Call,
  ConnectContext,
  Connection,
  Failure,
  Message,
  SendResult,
} from '../../kernel/transport.ts';
import { type LinkUser, openLink } from './link.ts';
import type { RabbitmqOptions } from './options.ts';
import { queueOf } from './address.ts';

/** The publisher of a work queue: one connection, one confirm channel, persistent messages. */
export async function connectRabbitmq(
  address: Address,
  context: ConnectContext<RabbitmqOptions>,
): Promise<Connection> {
  const publisher = createPublisher(queueOf(address), context.options.maxUnconfirmed);
  const link = await openLink(address.url, context.options, publisher);
  return { send: publisher.send, [Symbol.asyncDispose]: () => link[Symbol.asyncDispose]() };
}

const ACK: Ack = { kind: 'ack' };
/** AMQP's reply code for a message that no queue took. */
const NO_ROUTE = 312;
/** What amqplib gives a confirm callback for basic.nack; any other error means that the channel closed. */
const NACKED = 'message nacked';

const DOWN = notSent('refused', 'Not connected to the broker');
const FULL = notSent('refused', 'Too many messages are unconfirmed (maxUnconfirmed)');
const UNROUTABLE: Failure = {
  kind: 'failure',
  outcome: 'error',
  noEffect: true,
  status: NO_ROUTE,
  detail: 'No queue took the message',
};
const BROKER_NACK = maySent('error', 'The broker did not take responsibility (basic.nack)');
const CONNECTION_LOST = maySent('connection-lost', 'The connection was lost before the confirm');
const TIMED_OUT = maySent('timeout', 'No confirm in time');

function notSent(outcome: Failure['outcome'], detail: string): Failure {
  return { kind: 'failure', outcome, noEffect: true, status: 0, detail };
}

function maySent(outcome: Failure['outcome'], detail: string): Failure {
  return { kind: 'failure', outcome, noEffect: false, status: 0, detail };
}

function createPublisher(queue: string, maxUnconfirmed: number): LinkUser & { readonly send: Call } {
  let channel: ConfirmChannel | undefined;
  // Those whose caller no longer waits count as well: the client library still keeps them.
  let unconfirmed = 0;
  // A mandatory message that no queue took comes back before its confirm.
  const returned = new Set<string>();

  const publish = (message: Message, signal: AbortSignal | undefined) =>
    new Promise<SendResult>((resolve) => {
      const text = encodeEnvelope(message.envelope);
      const options = {
        persistent: true,
        mandatory: true,
        contentType: 'application/json',
        type: message.operation,
        headers: { [ENVELOPE_HEADER]: text },
      };
      const timedOut = () => resolve(TIMED_OUT);
      const confirmed = (error: Error | null) => {
        unconfirmed--;
        signal?.removeEventListener('abort', timedOut);
        resolve(resultOf(error, returned.delete(text)));
      };
      const content = Buffer.from(JSON.stringify(message.body));
      try {
        channel!.publish('', queue, content, options, confirmed);
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
      return options?.signal?.aborted
        ? Promise.resolve(notSent('timeout', 'The wait was over before sending'))
        : publish(message, options?.signal);
    },
    async up(connection: ChannelModel) {
      const fresh = await connection.createConfirmChannel();
      // A channel alone may be closed by the broker; then the whole link comes back.
      fresh.on('error', () => {});
      fresh.once('close', () => {
        channel = undefined;
        setImmediate(() => void connection.close().catch(() => undefined));
      });
      fresh.on('return', (message) => returned.add(String(message.properties.headers?.[ENVELOPE_HEADER])));
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
