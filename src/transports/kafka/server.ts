import { isAnswered } from '../../contracts/interactions.ts';
import type { Handled } from '../../kernel/contract.ts';
import type { Handler, ServeContext, Server } from '../../kernel/transport.ts';
import { consumerGroupOf, topicLocationOf, topicOf } from './address.ts';
import { incomingOf, replyRecordOf, replyToOf } from './codec.ts';
import type { InRecord, Producer, Take } from './links/link.ts';
import { loadClient } from './links/load-client.ts';
import type { KafkaOptions } from './options.ts';

/** A consumer of the subscriber's group; for `request-reply` with a producer for the answers. */
export async function serveKafka(handler: Handler, context: ServeContext<KafkaOptions>): Promise<Server> {
  const { options, interaction, concurrency, subscriber } = context;
  const address = context.address!;
  const place = topicLocationOf(address);
  const topic = topicOf(address);
  const client = await loadClient(place, options);
  await using stack = new AsyncDisposableStack();
  const replier = isAnswered(interaction)
    ? stack.use(await client.openProducer(place, options, []))
    : undefined;
  const plan = { topic, group: consumerGroupOf(topic, subscriber), concurrency, commits: true };
  // Disposed before the producer of the answers.
  const consumer = stack.use(await client.openConsumer(place, options, plan, takeWith(handler, replier)));
  const owned = stack.move();
  return { address, lost: consumer.lost, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/**
 * The offset may be committed when this has settled: after the effect and, where a caller waits, after the broker has
 * the answer. Failed work is skipped, like foreign records: Kafka has no dead letters, and an unprocessable record
 * would block its partition for ever.
 */
function takeWith(handler: Handler, replier: Producer | undefined): Take {
  return async (record) => {
    const incoming = incomingOf(record);
    if (!incoming) return;
    const handled = await settled(handler(incoming));
    if (replier) await answer(replier, record, handled);
  };
}

/** A handler that rejects could not record its effect: it must end the service, not be tried again by a library. */
function settled(handling: Promise<Handled>): Promise<Handled> {
  return new Promise((resolve) => void handling.then(resolve));
}

async function answer(replier: Producer, record: InRecord, handled: Handled): Promise<void> {
  const replyTo = replyToOf(record);
  // If an answer cannot be delivered, the caller's own wait ends.
  if (replyTo) await replier.produce([replyRecordOf(replyTo, handled)]);
}
