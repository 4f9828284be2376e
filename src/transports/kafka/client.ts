import type { Ack, Address, ConnectContext, Connection } from '../../kernel/transport.ts';
import { placeOf, topicOf } from './address.ts';
import { createProduce } from './batch.ts';
import { connectRequester } from './client-request.ts';
import { recordOf } from './codec.ts';
import { FLUSH_MS, loadClient } from './link.ts';
import type { KafkaOptions } from './options.ts';
import { createWindow } from './window.ts';

const ACK: Ack = { kind: 'ack' };
/** With acks 0 nobody says that the record arrived. */
const UNCONFIRMED: Ack = { kind: 'ack', unconfirmed: true };

/** The caller: a publisher, or for `request-reply` one that waits for answers on a topic of its own. */
export function connectKafka(address: Address, context: ConnectContext<KafkaOptions>): Promise<Connection> {
  const { options, interaction } = context;
  return interaction === 'request-reply'
    ? connectRequester(address, options)
    : connectPublisher(address, options);
}

async function connectPublisher(address: Address, options: KafkaOptions): Promise<Connection> {
  const place = placeOf(address);
  const topic = topicOf(address);
  const client = await loadClient(place, options);
  const producer = await client.openProducer(place, options, [topic]);
  const produce = createProduce(producer, options);
  const window = createWindow(options.maxUnconfirmed);
  const ack = options.acks === 0 ? UNCONFIRMED : ACK;
  return {
    send: (message, sendOptions) =>
      window.run(() => {
        const result = produce(recordOf(topic, message)).then((failure) => failure ?? ack);
        return { result, held: result };
      }, sendOptions),
    async [Symbol.asyncDispose]() {
      await window.close('The connection was given up', FLUSH_MS);
      await producer[Symbol.asyncDispose]();
    },
  };
}
