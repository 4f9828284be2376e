import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Handled } from '../../kernel/contract.ts';
import { decodeEnvelope, ENVELOPE_HEADER } from '../../kernel/envelope.ts';
import type { Handler, Incoming, ServeContext, Server } from '../../kernel/transport.ts';
import { queueOf } from './address.ts';
import { type LinkUser, openLink } from './link.ts';
import type { RabbitmqOptions } from './options.ts';

/** A consumer of a work queue: one connection, prefetch = slots, acknowledged by hand after the effect. */
export async function serveRabbitmq(
  handler: Handler,
  context: ServeContext<RabbitmqOptions>,
): Promise<Server> {
  const address = context.address!;
  const consumer = createConsumer(handler, queueOf(address), context);
  const link = await openLink(address.url, context.options, consumer);
  return {
    address,
    lost: link.lost,
    async [Symbol.asyncDispose]() {
      await consumer.stop();
      await link[Symbol.asyncDispose]();
    },
  };
}

const CONSUMER_TAG = 'commbench';
/** An orderly end waits so long for messages at work; the broker gives the others out again. */
const STOP_MS = 600;

function createConsumer(handler: Handler, queue: string, context: ServeContext<RabbitmqOptions>) {
  const atWork = createTally();
  // Until its connection is gone: a late acknowledgement then has nowhere to go.
  let open: Channel | undefined;

  const receive = (channel: Channel, message: ConsumeMessage) => {
    const incoming = parse(message);
    if (!incoming) return channel.nack(message, false, false);
    atWork.begin();
    void handler(incoming).then((handled) => {
      atWork.end();
      if (open === channel) settle(channel, message, handled, context.options.onFailure);
    });
  };

  const up: LinkUser['up'] = async (connection: ChannelModel) => {
    // What was not acknowledged before a loss is given out again: never more at once than slots.
    await atWork.idle();
    const channel = await connection.createChannel();
    const gone = () => {
      open = undefined;
      // A channel alone may be closed by the broker; then the whole link comes back.
      setImmediate(() => void connection.close().catch(() => undefined));
    };
    channel.on('error', () => {});
    channel.once('close', gone);
    await channel.prefetch(context.slots);
    open = channel;
    // Null: the broker cancelled the consumer, e.g. because the queue was deleted.
    const onMessage = (message: ConsumeMessage | null) => (message ? receive(channel, message) : gone());
    await channel.consume(queue, onMessage, { consumerTag: CONSUMER_TAG });
  };

  return {
    up,
    down() {
      open = undefined;
    },
    /** Takes no more messages and waits, within bounds, for those at work. */
    async stop() {
      const cancelled = open?.cancel(CONSUMER_TAG).catch(() => undefined);
      const orderly = Promise.resolve(cancelled).then(() => atWork.idle());
      await Promise.race([orderly, sleep(STOP_MS, undefined, { ref: false })]);
    },
  };
}

/** Undefined for a message that is not ours or can't be read. */
function parse(message: ConsumeMessage): Incoming | undefined {
  const text: unknown = message.properties.headers?.[ENVELOPE_HEADER];
  const operation: unknown = message.properties.type;
  const envelope = typeof text === 'string' ? decodeEnvelope(text) : undefined;
  if (!envelope || typeof operation !== 'string') return undefined;
  try {
    const body: unknown = JSON.parse(message.content.toString());
    return { operation, body, envelope, redelivered: message.fields.redelivered };
  } catch {
    return undefined;
  }
}

function settle(
  channel: Channel,
  message: ConsumeMessage,
  handled: Handled,
  onFailure: RabbitmqOptions['onFailure'],
): void {
  if (handled.kind === 'done') return channel.ack(message);
  // Overloaded is no fault of the message; a bad request stays bad however often it comes.
  const again =
    handled.status === 'overloaded' || (onFailure === 'requeue' && handled.status !== 'bad-request');
  channel.nack(message, false, again);
}

/** Counts what is at work; `idle` settles when nothing is. */
function createTally() {
  let count = 0;
  const waiting: (() => void)[] = [];
  return {
    begin: () => void count++,
    end() {
      if (--count > 0) return;
      for (const resolve of waiting.splice(0)) resolve();
    },
    idle: () => (count === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve))),
  };
}
