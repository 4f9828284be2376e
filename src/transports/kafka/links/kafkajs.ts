import { endsWithin } from '../../../kernel/wait.ts';
import { connect, type Socket } from 'node:net';
import kafkajs, {
  type ConsumerRunConfig,
  type ISocketFactory,
  type Kafka,
  type KafkaConfig,
  type ProducerRecord,
  type SASLOptions,
} from 'kafkajs';
import type { Failure } from '../../../kernel/transport.ts';
import { connectSecurely, secureOptions } from '../../../platform/net/secure.ts';
import { endpointOf, type TopicLocation } from '../address.ts';
import { provideCodec } from './kafkajs-codecs.ts';
import { brokerMessage, notSent, notSure } from '../failures.ts';
import {
  type Consumer,
  type ConsumerPlan,
  type InRecord,
  type KafkaClient,
  type OutRecord,
  type Producer,
  STOP_MS,
  type Take,
} from './link.ts';
import type { KafkaOptions } from '../options.ts';
import { heartbeatMs, KAFKAJS_PATIENT, sessionTimeoutMs } from '../patience.ts';
import { quietNegativeTimers } from './quiet-timers.ts';
import { type BoundProducer, openReturningProducer } from './returning-producer.ts';
import { createWire, type KafkaWire } from '../wire.ts';

/** kafkajs, with its own retries and reconnections. */
export const kafkajsClient: KafkaClient = { openProducer, openConsumer };

/** One client of kafkajs, whose sockets are ours: Nagle off, redirected, and surely closed in the end. */
export interface KafkajsClient extends AsyncDisposable {
  readonly kafka: Kafka;
  readonly wire: KafkaWire;
}

quietNegativeTimers();

const { Partitioners, CompressionTypes } = kafkajs;
const CODECS = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
} as const;

export function createKafkajs(
  place: TopicLocation,
  options: KafkaOptions,
  retry: KafkaConfig['retry'] = options.profile === 'patient' ? KAFKAJS_PATIENT : undefined,
): KafkajsClient {
  const wire = createWire();
  const sockets = new Set<Socket>();
  let closed = false;

  const socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
    // Retries without a waiting caller find no connection, and end with their count.
    if (closed) throw new Error('This client is closed');
    const at = { ...endpointOf(place, host, port), noDelay: true };
    // By the name that the broker is known by, wherever its connection leads.
    const socket = place.tls
      ? connectSecurely(at, secureOptions(place.tls, host), onConnect)
      : connect(at, onConnect);
    sockets.add(socket);
    socket.once(place.tls ? 'secureConnect' : 'connect', () => {
      wire.up();
      socket.once('close', () => wire.down());
    });
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  const kafka = new kafkajs.Kafka({
    clientId: 'commbench',
    // The broker's advertised name, so that the metadata does not list it as another broker.
    brokers: [place.advertised ?? `${place.host}:${place.port}`],
    connectionTimeout: options.connectTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    socketFactory,
    // Its messages arrive as rejections or events.
    logCreator: () => () => undefined,
    ...(retry ? { retry } : {}),
    // Its type has one member for each mechanism.
    ...(place.sasl ? { sasl: place.sasl as SASLOptions } : {}),
  });
  return {
    kafka,
    wire,
    async [Symbol.asyncDispose]() {
      closed = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Patient: it comes back by our hand, and repeats nothing. As shipped: its own retries. */
async function openProducer(
  place: TopicLocation,
  options: KafkaOptions,
  topics: readonly string[],
): Promise<Producer> {
  await provideCodec(options.compression);
  if (options.profile === 'library-defaults')
    return openBound(createKafkajs(place, options), options, topics);
  // An idempotent producer must be allowed a retry; it is closed with its connection before that is due.
  const retry = { ...KAFKAJS_PATIENT, retries: options.idempotent ? 1 : 0 };
  return openReturningProducer(
    () => openBound(createKafkajs(place, options, retry), options, topics),
    options,
  );
}

async function openBound(
  client: KafkajsClient,
  options: KafkaOptions,
  topics: readonly string[],
): Promise<BoundProducer> {
  const producer = client.kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    idempotent: options.idempotent,
  });
  try {
    await opened(client, async () => {
      await producer.connect();
      // An empty batch: looks up the leaders.
      await producer.sendBatch({ topicMessages: topics.map((topic) => ({ topic, messages: [] })) });
    });
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
  return {
    gone: client.wire.gone,
    async produce(records) {
      const stayedHere = client.wire.watch();
      try {
        await producer.send({
          acks: options.acks,
          compression: CODECS[options.compression],
          ...requestOf(records),
        });
        return undefined;
      } catch (error) {
        return failureOf(error, stayedHere());
      }
    },
    async [Symbol.asyncDispose]() {
      await endsWithin(STOP_MS / 2, producer.disconnect());
      await client[Symbol.asyncDispose]();
    },
  };
}

/** The library may wait for ever for the answer of a connection that is gone. */
async function opened({ wire }: KafkajsClient, open: () => Promise<void>): Promise<void> {
  const lost = wire.gone.then(() => Promise.reject(new Error('The connection was lost')));
  lost.catch(() => undefined);
  await Promise.race([open(), lost]);
}

function requestOf(records: readonly OutRecord[]): Pick<ProducerRecord, 'topic' | 'messages'> {
  // All records of one connection go to one topic, except replies, which are never batched.
  return {
    topic: records[0]!.topic,
    messages: records.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
  };
}

function failureOf(error: unknown, stayedHere: boolean): Failure {
  const { cause = error } = error as { cause?: unknown };
  const { name, message, code } = cause as { name?: string; message?: string; code?: unknown };
  if (stayedHere) return notSent('refused', `No connection to the broker: ${message}`);
  if (name === 'KafkaJSProtocolError' && typeof code === 'number')
    return brokerMessage(code, String(message));
  if (name === 'KafkaJSRequestTimeoutError') return notSure('timeout', 'The broker did not answer in time');
  if (name?.startsWith('KafkaJSConnection')) return notSure('connection-lost', String(message));
  return notSure('error', `${name}: ${message}`);
}

async function openConsumer(
  place: TopicLocation,
  options: KafkaOptions,
  plan: ConsumerPlan,
  take: Take,
): Promise<Consumer> {
  // Decodes any compression of the producer.
  await provideCodec(options.compression);
  const client = createKafkajs(place, options);
  const consumer = client.kafka.consumer({
    groupId: plan.group,
    sessionTimeout: sessionTimeoutMs(options),
    heartbeatInterval: heartbeatMs(options),
    maxWaitTimeInMs: options.maxWaitMs,
    allowAutoTopicCreation: false,
  });
  const lost = Promise.withResolvers<string>();
  const joined = Promise.withResolvers<void>();
  consumer.on(consumer.events.GROUP_JOIN, () => joined.resolve());
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    if (!restart) lost.resolve(`The consumer of ${plan.topic} ended: ${error.message}`);
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [plan.topic], fromBeginning: true });
  await consumer.run({
    ...committing(options, plan),
    partitionsConsumedConcurrently: plan.concurrency,
    eachMessage: ({ message }) => take(inRecordOf(message)),
  });
  await Promise.race([joined.promise, lost.promise.then((reason) => Promise.reject(new Error(reason)))]);
  return {
    lost: lost.promise,
    async [Symbol.asyncDispose]() {
      await endsWithin(STOP_MS, consumer.disconnect());
      await client[Symbol.asyncDispose]();
    },
  };
}

/** kafkajs only ever commits handled records. */
function committing({ commit, autoCommitMs }: KafkaOptions, { commits }: ConsumerPlan): ConsumerRunConfig {
  if (!commits) return { autoCommit: false };
  return commit === 'auto' ? { autoCommitInterval: autoCommitMs } : { autoCommitThreshold: 1 };
}

function inRecordOf({ value, headers }: { value: Buffer | null; headers?: object | undefined }): InRecord {
  const all = (headers ?? {}) as Readonly<Record<string, Buffer | string | undefined>>;
  return { value: value ?? Buffer.alloc(0), header: (name) => all[name]?.toString() };
}
