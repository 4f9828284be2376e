import { isAnswered } from '../../contracts/interactions.ts';
import type { ComplexityItem } from '../../kernel/complexity.ts';
import type { Address, Guarantee, TransportDefinition } from '../../kernel/transport.ts';
import { type KafkaOptions, kafkaOptionsSchema } from './options.ts';
import { heartbeatMs, KAFKAJS_PATIENT, PLATFORMATIC_PATIENT, sessionTimeoutMs } from './patience.ts';
import { parts } from './parts.ts';
import { kafkaTarget } from './target.ts';

const PACKAGES: Readonly<Record<KafkaOptions['client'], string>> = {
  kafkajs: 'kafkajs',
  platformatic: '@platformatic/kafka',
};

/** Time to rejoin and to fetch first after a session has ended. */
const REJOIN_MS = 2000;

export const definition: TransportDefinition<KafkaOptions> = {
  name: 'kafka',
  title: 'Event-driven',
  client: 'kafkajs',
  interactions: ['publish-subscribe', 'event-stream', 'request-reply'],
  options: kafkaOptionsSchema,
  statements: {
    guarantee,
    client: ({ client }) => PACKAGES[client],
    fairness,
    complexity: (_options, interaction) => (isAnswered(interaction) ? REQUEST_REPLY_COMPLEXITY : COMPLEXITY),
  },
  wire: {
    schemes: [
      { protocol: 'kafka:', port: 9092 },
      { protocol: 'kafkas:', port: 9093, isSecure: true },
      { protocol: 'kafka+ssl:', port: 9093, isSecure: true },
    ],
    whyNoProxy,
  },
  traits: { oneAtATimePerKey: true, unmarkedRepeats: true },
  quiescenceMs: (options) => sessionTimeoutMs(options) + REJOIN_MS,
  parts,
  broker: { name: 'kafka', title: 'Kafka', backAfterS: 7 },
  target: kafkaTarget,
};

/**
 * A client connects to the broker's advertised address; with a single broker it is still redirected through the proxy.
 */
function whyNoProxy({ ['advertised']: advertised }: Address): string | undefined {
  if (advertised !== undefined) return undefined;
  return 'a Kafka of several brokers refers its clients to addresses beyond a proxy';
}

const ACKNOWLEDGED_BY: Readonly<Record<number, string>> = {
  [-1]: 'all replicas in sync; with one broker that is acks=1 without fsync: it is in the page cache',
  1: 'the leader, from its page cache (no fsync)',
  0: 'no acknowledgement: a send counts as done when it was written to the socket',
};

function guarantee(options: KafkaOptions, interaction: string): Guarantee {
  const { acks, client, commit } = options;
  // The timer of @platformatic/kafka commits delivered records, kafkajs's only handled ones.
  const mayLose = commit === 'auto' && client === 'platformatic';
  const delivery = mayLose || acks === 0 ? 'at-most-once' : 'at-least-once';
  const replies = isAnswered(interaction);
  return {
    label: replies
      ? `with reply, request ${delivery}`
      : `${delivery}, retained, survives its consumers and a killed broker process`,
    acknowledgedBy: replies
      ? "the service's reply: the work is done"
      : `${ACKNOWLEDGED_BY[acks]}; the work is not done yet`,
    durableAgainst:
      'a killed consumer (the group continues from the last committed offset, once its session has timed out) and a ' +
      "killed broker process (one broker, no fsync: not against the machine's loss of power)",
    delivery,
    order:
      'records of one key are processed one after another, in the order of their partition' +
      (options.profile === 'patient'
        ? ''
        : `; a send that the client repeats after a loss may come late${options.idempotent ? '' : ', or twice'}`),
  };
}

function fairness(options: KafkaOptions, interaction: string): Readonly<Record<string, string>> {
  const { client, lingerMs, maxBatchRecords } = options;
  const replies = isAnswered(interaction);
  return {
    protocol: `Kafka, ${PACKAGES[client]} as the client`,
    connections: replies
      ? 'a producer and a consumer on each side, each with one connection for fetching and one for the rest'
      : 'one for the producer; two for each consumer (fetching, and the rest)',
    encoding: 'JSON, envelope and operation as record headers',
    noDelay: 'on in both clients',
    publishing:
      `acks ${options.acks === -1 ? 'all' : options.acks}, compression ${options.compression}, ` +
      (lingerMs === 0
        ? 'each record a request of its own (no lingering, no batches)'
        : `batched for ${lingerMs} ms or up to ${maxBatchRecords} records`) +
      (options.idempotent ? ', idempotent' : ', not idempotent'),
    topic:
      "one broker, one replica, as many partitions as the service's concurrency; partition by murmur2 of the key",
    prefetch:
      `whole fetches; at most as many records in progress as the service's concurrency, one per partition` +
      (client === 'kafkajs'
        ? ' (partitionsConsumedConcurrently); kafkajs fetches again only when all fetched records are processed'
        : ''),
    acknowledging:
      options.commit === 'after-effect'
        ? 'each offset, after the effect'
        : `by the library's timer, every ${options.autoCommitMs} ms`,
    durability: 'in the log of one replica, in its page cache: no fsync',
    redelivery: 'uncommitted records are redelivered, to the next consumer of the group, without a mark',
    'new group': 'starts at the earliest offset',
    profile: profileText(options),
    session:
      `partitions of a killed consumer are idle for ${sessionTimeoutMs(options)} ms (session time-out; kafkajs's default ` +
      `30000, @platformatic/kafka's 60000), heartbeat every ${heartbeatMs(options)} ms`,
    'failed work': 'skipped: Kafka dead-letters no record',
    ...givenUp(options),
    ...(replies
      ? { replies: "a topic of the caller's own, matched by correlation id; read without commits" }
      : {}),
  };
}

/** The price of batches and of commits by a timer, where an option asks for them. */
function givenUp({ client, lingerMs, commit, autoCommitMs }: KafkaOptions): Record<string, string> {
  const fate = client === 'kafkajs' ? 'repeats' : 'may lose';
  const prices = [
    ...(lingerMs > 0 ? [`each record waits up to ${lingerMs} ms for its batch, and shares its fate`] : []),
    ...(commit === 'auto' ? [`a killed consumer ${fate} up to ${autoCommitMs} ms of work`] : []),
  ];
  return prices.length > 0 ? { 'given up': prices.join('; ') } : {};
}

function profileText({ profile, client, reconnectDelayMs }: KafkaOptions): string {
  if (profile === 'library-defaults') {
    return client === 'kafkajs'
      ? 'library defaults: 5 retries, 0.3 to 30 s apart'
      : 'library defaults: 3 retries, 1 s apart; its stream then closes for good';
  }
  const producer = `patient: the producer reconnects every ${reconnectDelayMs} ms and sends nothing again; the consumer: `;
  return client === 'kafkajs'
    ? `${producer}up to ${KAFKAJS_PATIENT.retries} retries, ${KAFKAJS_PATIENT.initialRetryTime} to ` +
        `${KAFKAJS_PATIENT.maxRetryTime} ms apart (by default 5, 300 to 30000 ms)`
    : `${producer}up to ${PLATFORMATIC_PATIENT.retries} retries, ${PLATFORMATIC_PATIENT.retryDelay} ms apart ` +
        '(by default 3, 1000 ms)';
}

const COMPLEXITY: readonly ComplexityItem[] = [
  { category: 'process', what: 'broker with its controller' },
  { category: 'state', what: 'leader and metadata of each partition' },
  { category: 'state', what: 'membership of the group and rebalancing' },
  { category: 'state', what: 'committed offset against position' },
  { category: 'state', what: 'sends under way, retried in order' },
  { category: 'setting', what: 'acks' },
  { category: 'setting', what: 'replicas that must be in sync' },
  { category: 'setting', what: 'retention, against the slowest subscriber' },
  { category: 'setting', what: 'where a new group starts' },
  { category: 'setting', what: 'offset committed before or after the work' },
  { category: 'setting', what: 'sends awaited' },
  { category: 'artefact', what: 'topic and its partitions' },
  { category: 'artefact', what: 'key of the record (its order)' },
  { category: 'artefact', what: 'format of the record' },
];

/** No setting loses a request without an error at the sender: a waiting caller notices the missing reply. */
const REQUEST_REPLY_COMPLEXITY: readonly ComplexityItem[] = [
  ...COMPLEXITY.filter(({ category }) => category !== 'setting'),
  { category: 'state', what: 'replies awaited by correlation id' },
  { category: 'artefact', what: 'reply topic' },
];
