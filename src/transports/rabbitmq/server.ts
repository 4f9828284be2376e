import { endsWithin } from '../../kernel/wait.ts';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Handler, ServeContext, Server } from '../../kernel/transport.ts';
import { keepTogether, type LinkUser, openRabbitmqLink } from './link.ts';
import { queueOf } from './names.ts';
import type { RabbitmqOptions } from './options.ts';
import { createSettle, type Settle } from './settling.ts';
import { parseIncoming } from './wire.ts';

/**
 * A consumer of its queue, on one connection. Acknowledged by hand after the effect, with prefetch = concurrency. With
 * automatic acknowledgement at delivery the prefetch bounds nothing, and messages wait in this process.
 */
export async function serveRabbitmq(
  handler: Handler,
  context: ServeContext<RabbitmqOptions>,
): Promise<Server> {
  const { options, interaction, concurrency } = context;
  const address = context.address!;
  const consumer = createConsumer(handler, {
    queue: queueOf(address, context),
    concurrency,
    noAck: options.acknowledge === 'on-delivery',
    settle: createSettle(options, interaction),
  });
  const link = await openRabbitmqLink(address.url, options, consumer);
  return {
    address,
    lost: link.lost,
    async [Symbol.asyncDispose]() {
      await consumer.stop();
      await link[Symbol.asyncDispose]();
    },
  };
}

interface Consuming {
  readonly queue: string;
  readonly concurrency: number;
  /** The broker counts a message as acknowledged at delivery: it must not be acknowledged then. */
  readonly noAck: boolean;
  readonly settle: Settle;
}

const CONSUMER_TAG = 'commbench';
/** Time for open messages in an orderly end; the broker redelivers the others. */
const STOP_MS = 600;

function createConsumer(handler: Handler, { queue, concurrency, noAck, settle }: Consuming) {
  const atWork = createTally();
  // Undefined after a loss: a late acknowledgement is then dropped.
  let open: Channel | undefined;

  const receive = (channel: Channel, message: ConsumeMessage) => {
    const incoming = parseIncoming(message);
    if (!incoming) return noAck ? undefined : channel.nack(message, false, false);
    atWork.begin();
    void handler(incoming).then((handled) => {
      atWork.end();
      if (open === channel) settle(channel, message, handled);
    });
  };

  const up: LinkUser['up'] = async (connection: ChannelModel) => {
    // Messages unacknowledged at a loss are redelivered: never more at once than the concurrency.
    await atWork.idle();
    const channel = await connection.createChannel();
    const leave = keepTogether(connection, channel, () => (open = undefined));
    await channel.prefetch(concurrency);
    open = channel;
    // Null: the broker cancelled the consumer, e.g. because the queue was deleted.
    const onMessage = (message: ConsumeMessage | null) => (message ? receive(channel, message) : leave());
    await channel.consume(queue, onMessage, { consumerTag: CONSUMER_TAG, noAck });
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
      await endsWithin(STOP_MS, orderly);
      // Work that ends later is not acknowledged: the channel is about to close.
      open = undefined;
    },
  };
}

/** Counts work in progress; `idle` settles when there is none. */
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
