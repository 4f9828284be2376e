import { once } from 'node:events';
import { type AsyncMessage, type Connection, type ConsumerHandler, ConsumerStatus } from 'rabbitmq-client';
import { isAnswered } from '../../../contracts/interactions.ts';
import type { Handled } from '../../../kernel/contract.ts';
import { decodeEnvelope, ENVELOPE_HEADER } from '../../../kernel/envelope.ts';
import type { Handler, Incoming, ServeContext, Server } from '../../../kernel/transport.ts';
import { endsWithin } from '../../../kernel/wait.ts';
import { rabbitmqUnreachable } from '../link-options.ts';
import { queueOf } from '../names.ts';
import type { RabbitmqOptions } from '../options.ts';
import { disposalOf, replyPartsOf } from '../settling.ts';
import { contentOf, JSON_TYPE } from '../wire.ts';
import { closeRabbitConnection, createGiveUp, openRabbitConnection } from './connection.ts';

/** Time for open messages in an orderly end; the broker redelivers the others. */
const STOP_MS = 600;

/** A consumer of its queue by the library's own consumer: it comes back by itself, with work in hand finished first. */
export async function serveByRabbitmqClient(
  handler: Handler,
  context: ServeContext<RabbitmqOptions>,
): Promise<Server> {
  const address = context.address!;
  const connection = await openRabbitConnection(address.url, context.options);
  const giveUp = createGiveUp(context.options);
  const consumer = openConsumer(connection, handler, context);
  try {
    await once(consumer, 'ready');
  } catch (error) {
    connection.unsafeDestroy();
    throw rabbitmqUnreachable(address.url, error);
  }
  const fails = (error: unknown) => giveUp.fails(error);
  consumer.on('ready', giveUp.works).on('error', fails);
  connection.on('error', fails);
  return {
    address,
    lost: giveUp.lost,
    async [Symbol.asyncDispose]() {
      // Work that ends later is not acknowledged: its channel is gone.
      await endsWithin(STOP_MS, consumer.close());
      giveUp.works();
      await closeRabbitConnection(connection, Promise.resolve());
    },
  };
}

function openConsumer(connection: Connection, handler: Handler, context: ServeContext<RabbitmqOptions>) {
  const { options, concurrency } = context;
  const noAck = options.acknowledge === 'on-delivery';
  return connection.createConsumer(
    {
      queue: queueOf(context.address, context),
      // Provisioned already, with other arguments than the library would declare.
      queueOptions: { passive: true },
      noAck,
      ...(noAck ? {} : { concurrency, qos: { prefetchCount: concurrency } }),
    },
    isAnswered(context.interaction) ? answering(handler) : disposing(handler, options.onFailure),
  );
}

/** Without a waiting caller: finished messages leave the queue, failed ones are dead-lettered or redelivered. */
function disposing(handler: Handler, onFailure: RabbitmqOptions['onFailure']): ConsumerHandler {
  return async (message) => {
    const incoming = incomingOf(message);
    if (!incoming) return ConsumerStatus.DROP;
    return STATUS_OF[disposalOf(await settledWork(handler(incoming)), onFailure)];
  };
}

const STATUS_OF = {
  acknowledge: ConsumerStatus.ACK,
  requeue: ConsumerStatus.REQUEUE,
  'dead-letter': ConsumerStatus.DROP,
} as const;

/** With a waiting caller: the reply goes first, then the request leaves the queue. */
function answering(handler: Handler): ConsumerHandler {
  return async (message, reply) => {
    const incoming = incomingOf(message);
    if (!incoming) return ConsumerStatus.DROP;
    const [type, body] = replyPartsOf(await settledWork(handler(incoming)));
    // An absent caller's reply is dropped by the broker; without a channel neither reply nor acknowledgement goes out.
    if (message.replyTo)
      await reply(contentOf(body), { type, contentType: JSON_TYPE }).catch(() => undefined);
    return ConsumerStatus.ACK;
  };
}

/** A handler that rejects could not record its effect: it must end the service, not be requeued by a library. */
function settledWork(work: Promise<Handled>): Promise<Handled> {
  return new Promise((resolve) => void work.then(resolve));
}

/** Undefined for a message that is not ours or cannot be read; the library parses JSON by itself. */
function incomingOf({ type, headers, body, redelivered }: AsyncMessage): Incoming | undefined {
  const text: unknown = headers?.[ENVELOPE_HEADER];
  const envelope = typeof text === 'string' ? decodeEnvelope(text) : undefined;
  if (!envelope || type === undefined || Buffer.isBuffer(body)) return undefined;
  const content: unknown = body;
  return { operation: type, body: content, envelope, redelivered };
}
