import { endsWithin } from '../../../kernel/wait.ts';
import {
  type BaseOptions,
  type Broker,
  type Callback,
  compatibilityPartitioner,
  type Connection,
  type ConnectionPool,
  Consumer as LibraryConsumer,
  findErrorBy,
  type Message,
  Producer as LibraryProducer,
  stringDeserializer,
  stringSerializer,
} from '@platformatic/kafka';
import type { Failure } from '../../../kernel/transport.ts';
import { endpointOf, type TopicLocation } from '../address.ts';
import { brokerMessage, notSent, notSure } from '../failures.ts';
import { createKafkaLanes } from './lanes.ts';
import {
  type Consumer,
  type ConsumerPlan,
  type InRecord,
  type KafkaClient,
  type Producer,
  STOP_MS,
  type Take,
} from './link.ts';
import type { KafkaOptions } from '../options.ts';
import { heartbeatMs, PLATFORMATIC_PATIENT, sessionTimeoutMs } from '../patience.ts';
import { createWire } from '../wire.ts';
import { type BoundProducer, openReturningProducer } from './returning-producer.ts';

/** @platformatic/kafka: sets TCP_NODELAY by itself on every socket. */
export const platformaticClient: KafkaClient = { openProducer, openConsumer };

function baseOptions(place: TopicLocation, options: KafkaOptions): BaseOptions {
  return {
    clientId: 'commbench',
    bootstrapBrokers: [{ host: place.host, port: place.port }],
    connectTimeout: options.connectTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    ...(options.profile === 'patient' ? PLATFORMATIC_PATIENT : {}),
  };
}

/** The library has no socket factory; every connection is requested from a pool by the broker's own address. */
function redirect(pool: ConnectionPool, place: TopicLocation): void {
  type Get = (broker: Broker, callback: Callback<Connection>) => void;
  const open = (pool.get as Get).bind(pool);
  (pool as { get: Get }).get = (broker, callback) =>
    open(broker && endpointOf(place, broker.host, broker.port), callback);
}

/** Patient: it comes back by our hand, and repeats nothing. As shipped: its own retries. */
async function openProducer(
  place: TopicLocation,
  options: KafkaOptions,
  topics: readonly string[],
): Promise<Producer> {
  if (options.profile === 'library-defaults') return openBound(place, options, topics, {});
  return openReturningProducer(() => openBound(place, options, topics, { retries: 0 }), options);
}

async function openBound(
  place: TopicLocation,
  options: KafkaOptions,
  topics: readonly string[],
  retrying: { readonly retries?: number },
): Promise<BoundProducer> {
  const wire = createWire();
  const producer = new LibraryProducer<string, Buffer, string, string>({
    ...baseOptions(place, options),
    ...retrying,
    serializers: { key: stringSerializer, headerKey: stringSerializer, headerValue: stringSerializer },
    partitioner: compatibilityPartitioner,
    acks: options.acks,
    compression: options.compression,
    idempotent: options.idempotent,
  });
  producer.on('client:broker:connect', () => wire.up());
  producer.on('client:broker:disconnect', () => wire.down());
  redirect(producer.connections, place);
  try {
    await producer.metadata({ topics: [...topics] });
  } catch (error) {
    await endsWithin(STOP_MS / 2, producer.close(true));
    throw error;
  }
  return {
    gone: wire.gone,
    async produce(records) {
      const stayedHere = wire.watch();
      try {
        const { acks, compression } = options;
        await producer.send({ acks, compression, messages: records.map((record) => ({ ...record })) });
        return undefined;
      } catch (error) {
        return failureOf(error as Error, stayedHere());
      }
    },
    async [Symbol.asyncDispose]() {
      await endsWithin(STOP_MS / 2, producer.close(true));
    },
  };
}

function failureOf(error: Error, stayedHere: boolean): Failure {
  const { message } = error;
  if (stayedHere) return notSent('refused', `No connection to the broker: ${message}`);
  const protocol = findErrorBy(error, 'code', 'PLT_KFK_PROTOCOL');
  if (protocol) return brokerMessage(Number(protocol['apiCode'] ?? 0), protocol.message);
  if (findErrorBy(error, 'code', 'PLT_KFK_TIMEOUT')) {
    return notSure('timeout', 'The broker did not answer in time');
  }
  if (findErrorBy(error, 'code', 'PLT_KFK_NETWORK')) return notSure('connection-lost', message);
  return notSure('error', message);
}

async function openConsumer(
  place: TopicLocation,
  options: KafkaOptions,
  plan: ConsumerPlan,
  take: Take,
): Promise<Consumer> {
  const consumer = new LibraryConsumer<string, Buffer, string, string>({
    ...baseOptions(place, options),
    groupId: plan.group,
    sessionTimeout: sessionTimeoutMs(options),
    heartbeatInterval: heartbeatMs(options),
    maxWaitTime: options.maxWaitMs,
    autocommit: plan.commits && options.commit === 'auto' ? options.autoCommitMs : false,
    deserializers: {
      key: stringDeserializer,
      headerKey: stringDeserializer,
      headerValue: stringDeserializer,
    },
  });
  redirect(consumer.connections, place);
  const stream = await consumer.consume({
    topics: [plan.topic],
    mode: 'committed',
    fallbackMode: 'earliest',
  });
  redirect(stream.connections, place);
  const lost = Promise.withResolvers<string>();
  // The library does not reopen a failed stream.
  stream.on('error', (error: Error) => lost.resolve(`The consumer of ${plan.topic} ended: ${error.message}`));

  const lanes = createKafkaLanes<Message<string, Buffer, string, string>>(
    async (message) => {
      await take(inRecordOf(message));
      if (!plan.commits) return;
      // A failed commit is repaired by the next one, or the record is redelivered.
      await Promise.resolve(message.commit()).catch(() => undefined);
    },
    { full: () => stream.pause(), room: () => stream.resume() },
  );
  stream.on('data', (message: Message<string, Buffer, string, string>) =>
    lanes.put(message.partition, message),
  );
  return {
    lost: lost.promise,
    async [Symbol.asyncDispose]() {
      stream.pause();
      await endsWithin(STOP_MS, lanes.stop());
      await endsWithin(STOP_MS / 2, consumer.close(true));
    },
  };
}

function inRecordOf({ value, headers }: Message<string, Buffer, string, string>): InRecord {
  return { value, header: (name) => headers.get(name) };
}
