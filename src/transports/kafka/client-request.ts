import { randomUUID } from 'node:crypto';
import type { Address, Connection, SendResult } from '../../kernel/transport.ts';
import { topicLocationOf, topicOf } from './address.ts';
import { createProduce } from './batch.ts';
import { correlationOf, kafkaRecordOf, replyOf } from './codec.ts';
import { FLUSH_MS, type Take } from './links/link.ts';
import { loadClient } from './links/load-client.ts';
import type { KafkaOptions } from './options.ts';
import { makeTopic } from './make-topic.ts';
import { withAdmin } from './provision-admin.ts';
import { createWindow } from './window.ts';

/**
 * Request-reply over two topics: requests share the trial's, answers come on one of this connection's own.
 * Its consumer has its partition before the first request goes out, so that no answer can be missed.
 */
export async function connectRequester(address: Address, options: KafkaOptions): Promise<Connection> {
  const place = topicLocationOf(address);
  const topic = topicOf(address);
  const replyTopic = `${topic}.replies-${randomUUID()}`;
  const client = await loadClient(place, options);
  const replies = createReplies();
  const window = createWindow(options.maxUnconfirmed);
  await using stack = new AsyncDisposableStack();

  // Removed with the trial's other topics.
  await withAdmin(place, options, (admin) => makeTopic(admin, replyTopic, 1));
  const plan = { topic: replyTopic, group: replyTopic, concurrency: 1, commits: false };
  const consumer = stack.use(await client.openConsumer(place, options, plan, replies.take));
  const producer = stack.use(await client.openProducer(place, options, [topic]));
  void consumer.lost.then((reason) => window.close(reason, 0));
  producer.onLost?.(() => window.lose('The connection was lost before the answer'));
  const produce = createProduce(producer, options);
  const owned = stack.move();
  return {
    send: (message, sendOptions) =>
      window.run(() => {
        const reply = replies.expect();
        const record = kafkaRecordOf(topic, message, { topic: replyTopic, correlation: reply.correlation });
        const held = produce(record).then((failure) => failure && reply.steadyState(failure));
        return { result: reply.result, held, over: reply.forget };
      }, sendOptions),
    async [Symbol.asyncDispose]() {
      await window.close('The connection was given up', FLUSH_MS);
      await owned.disposeAsync();
    },
  };
}

/** Answers by correlation id, bounded by the window. */
function createReplies() {
  const pending = new Map<string, (result: SendResult) => void>();
  let last = 0;
  const take: Take = async (record) => {
    // A reply without a waiting caller is dropped.
    pending.get(correlationOf(record) ?? '')?.(replyOf(record));
  };
  return {
    take,
    expect() {
      const correlation = String(++last);
      const { promise: result, resolve: steadyState } = Promise.withResolvers<SendResult>();
      pending.set(correlation, steadyState);
      return { correlation, result, steadyState, forget: () => void pending.delete(correlation) };
    },
  };
}
