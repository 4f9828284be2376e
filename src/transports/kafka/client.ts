import { isAnswered } from '../../contracts/interactions.ts';
import type { Ack, Address, ConnectContext, Connection, Message } from '../../kernel/transport.ts';
import { type TopicLocation, topicLocationOf, topicOf } from './address.ts';
import { createProduce } from './batch.ts';
import { connectRequester } from './client-request.ts';
import { kafkaRecordOf } from './codec.ts';
import { FLUSH_MS, type OutRecord } from './links/link.ts';
import { loadClient } from './links/load-client.ts';
import type { KafkaOptions } from './options.ts';
import { createWindow } from './window.ts';

const ACK: Ack = { kind: 'ack' };
/** With acks 0 the record is not confirmed. */
const UNCONFIRMED: Ack = { kind: 'ack', unconfirmed: true };

/** The caller: a publisher, or for `request-reply` one that waits for answers on a topic of its own. */
export function connectKafka(address: Address, context: ConnectContext<KafkaOptions>): Promise<Connection> {
  const { options, interaction } = context;
  if (isAnswered(interaction)) return connectRequester(address, options);
  const topic = topicOf(address);
  const write = (message: Message) => kafkaRecordOf(topic, message);
  return connectPublisher({ place: topicLocationOf(address), topic, write }, options);
}

interface Publishing {
  readonly place: TopicLocation;
  readonly topic: string;
  /** A record of that topic. */
  readonly write: (message: Message) => OutRecord;
}

export async function connectPublisher(
  { place, topic, write }: Publishing,
  options: KafkaOptions,
): Promise<Connection> {
  const client = await loadClient(place, options);
  const producer = await client.openProducer(place, options, [topic]);
  const produce = createProduce(producer, options);
  const window = createWindow(options.maxUnconfirmed);
  const ack = options.acks === 0 ? UNCONFIRMED : ACK;
  return {
    send: (message, sendOptions) =>
      window.run(() => {
        const result = produce(write(message)).then((failure) => failure ?? ack);
        return { result, held: result };
      }, sendOptions),
    async [Symbol.asyncDispose]() {
      await window.close('The connection was given up', FLUSH_MS);
      await producer[Symbol.asyncDispose]();
    },
  };
}
