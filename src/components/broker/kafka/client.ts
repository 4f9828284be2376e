import type { Admin, BaseOptions, Producer } from '@platformatic/kafka';
import { untilReady } from '../../../platform/process/until-ready.ts';
import { untilAborted } from '../../../kernel/wait.ts';
import type { FindContext } from '../../../kernel/component.ts';
import { nowNs, NS_PER_S } from '../../../kernel/clock.ts';
import type { BrokerClient } from '../recipe.ts';
import { assertLoopback } from '../../../platform/net/loopback.ts';

const ANSWER_MS = 5000;
const KNOWN_MS = 10_000;
/** A connection has one request at work in the broker at a time: with several, 20,000 take a third less. */
const WARM_PRODUCERS = 4;
const WARM_OPEN_EACH = 16;
const BODY = Buffer.alloc(256, 'a');
/** Time for which an empty fetch waits for a message. */
const FETCH_WAIT_MS = 100;
/** A new broker rejects its first group until the topic of the groups exists. */
const COORDINATOR_RETRIES = { retries: 100, retryDelay: 50 };

/** `kafka://127.0.0.1:9092` → `127.0.0.1:9092`, with Kafka's default port where there is none. */
function bootstrapOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || '9092'}`;
}

/** For maintaining a broker, never for measuring. */
export const kafkaClient: BrokerClient = {
  greet: greetKafka,
  prove: proveKafkaReady,
  // The first group makes a new broker create its topic of group offsets.
  prime: (url, signal) => pushThroughKafka(url, signal, 1),
  async warm(url, signal, pids) {
    const { warmLikeTrials } = await import('./warm-like-trials.ts');
    return warmLikeTrials(url, signal, pids);
  },
};

/**
 * Connects and reads the cluster's brokers: messages go to them, not to the URL.
 * @throws CommbenchError where one of them is on another machine
 */
async function greetKafka(url: string, { signal, allowRemote }: FindContext): Promise<string> {
  const { brokers } = await withAdmin(url, signal, (admin) => admin.metadata({ topics: [] })).catch(
    (error: unknown) => {
      throw innermost(error);
    },
  );
  for (const { host, port } of brokers.values()) {
    const address = host.includes(':') ? `[${host}]` : host;
    await assertLoopback(`kafka://${address}:${port}`, allowRemote ?? []);
  }
  // Kafka's protocol has versions of each call, but none of the broker.
  return 'of unknown version';
}

/**
 * The proof that a broker is ready: it made a topic, and acknowledged a message in it. (The port opens earlier than
 * that.)
 */
export async function proveKafkaReady(url: string, signal: AbortSignal): Promise<void> {
  await withTopic(url, 'ready', signal, async (topic) => {
    const { Producer } = await client();
    await using producer = owned(new Producer(options(url)));
    await untilAborted(producer.send({ acks: ALL, messages: [message(topic)] }), signal);
  });
}

/**
 * Pushes messages through: each in a request of its own, acknowledged by all (one), and half of them consumed by a group
 * meanwhile. The first group of a new broker also makes it create its topic of group offsets.
 */
export async function pushThroughKafka(url: string, signal: AbortSignal, messages: number): Promise<string> {
  const startNs = nowNs();
  const toConsume = Math.ceil(messages / 2);
  await withTopic(url, 'warm', signal, async (topic) => {
    const { Producer } = await client();
    await using stack = new AsyncDisposableStack();
    const over = new AbortController();
    const work = AbortSignal.any([signal, over.signal]);
    const consumed = consume(url, topic, toConsume, work);
    const rest = Array(messages).keys();
    const send = async (producer: Producer) => {
      for (const _ of rest) {
        work.throwIfAborted();
        await producer.send({ acks: ALL, messages: [message(topic)] });
      }
    };
    try {
      const producers = Array.from({ length: WARM_PRODUCERS }, () => {
        return stack.use(owned(new Producer(options(url))));
      });
      const sent = producers.flatMap((one) => Array.from({ length: WARM_OPEN_EACH }, () => send(one)));
      await untilAborted(Promise.all([consumed, ...sent]), signal);
    } finally {
      over.abort();
      await consumed.catch(() => undefined);
    }
  });
  const seconds = (nowNs() - startNs) / NS_PER_S;
  return `${messages} messages acknowledged (acks=all), ${toConsume} of them consumed, in ${seconds.toFixed(1)} s`;
}

async function consume(url: string, topic: string, messages: number, signal: AbortSignal): Promise<void> {
  const { Consumer } = await client();
  const groupId = topic;
  {
    await using consumer = owned(
      new Consumer({ ...options(url), ...COORDINATOR_RETRIES, groupId, maxWaitTime: FETCH_WAIT_MS }),
      true,
    );
    const stream = await untilAborted(consumer.consume({ topics: [topic], mode: 'earliest' }), signal);
    // The error that ends the stream is thrown below.
    stream.on('error', () => undefined);
    let consumed = 0;
    const reading = (async () => {
      for await (const _ of stream) if (++consumed === messages) return;
    })();
    await untilAborted(reading, signal);
  }
  await withAdmin(url, signal, (admin) => admin.deleteGroups({ groups: [groupId] }));
}

/** A topic of one partition, for the duration of `use`. */
async function withTopic(
  url: string,
  purpose: string,
  signal: AbortSignal,
  use: (topic: string) => Promise<void>,
): Promise<void> {
  const topic = `commbench-${purpose}-${process.pid}-${nowNs()}`;
  await withAdmin(url, signal, async (admin) => {
    await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
    try {
      // The topic exists after the reply, but on a busy machine the broker learns of it later.
      const known = AbortSignal.any([signal, AbortSignal.timeout(KNOWN_MS)]);
      await untilReady(() => admin.metadata({ topics: [topic], forceUpdate: true }), known);
      await use(topic);
    } finally {
      const removed = admin.deleteTopics({ topics: [topic] });
      // A broker that was lost meanwhile keeps the topic; the earlier error is what counts.
      await untilAborted(removed, AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)])).catch(
        () => undefined,
      );
    }
  });
}

async function withAdmin<T>(url: string, signal: AbortSignal, use: (admin: Admin) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { Admin } = await client();
  await using admin = owned(new Admin(options(url)));
  return await untilAborted(use(admin), signal);
}

/** The error of the system (`connect ECONNREFUSED 127.0.0.1:9092`), instead of the client's wrapping. */
function innermost(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return inner === undefined ? error : innermost(inner);
}

/** Loaded only where a Kafka is used: it takes near half a second. */
function client() {
  return import('@platformatic/kafka');
}

/** Value of `ProduceAcks.ALL`. */
const ALL = -1;

/** For maintaining the broker, never for measuring: each call is tried once, and the waiting caller repeats it. */
function options(url: string): BaseOptions {
  return {
    clientId: 'commbench',
    bootstrapBrokers: [bootstrapOf(url)],
    retries: 0,
    connectTimeout: ANSWER_MS,
    timeout: ANSWER_MS,
  };
}

function message(topic: string): { topic: string; value: Buffer } {
  return { topic, value: BODY };
}

/** Bounded, as a frozen or killed broker never replies to a close. */
function owned<T extends { close(force?: boolean): Promise<void> }>(
  it: T,
  force?: boolean,
): T & AsyncDisposable {
  return Object.assign(it, {
    async [Symbol.asyncDispose]() {
      await untilAborted(it.close(force), AbortSignal.timeout(ANSWER_MS)).catch(() => undefined);
    },
  });
}
