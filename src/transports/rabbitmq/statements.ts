import { isAnswered, hasSubscribers } from '../../contracts/interactions.ts';
import type { ComplexityItem } from '../../kernel/complexity.ts';
import type { Guarantee } from '../../kernel/transport.ts';
import type { RabbitmqOptions } from './options.ts';

const ORDER = 'delivered in order; with prefetch above 1 handled concurrently, so done in any order';

function retainedText({ queueType }: RabbitmqOptions): string {
  return queueType === 'quorum'
    ? 'a restarted broker (a quorum of one node, so nothing is replicated: written to its log and synced before the confirm)'
    : 'a restarted broker (one node, durable queue: written to disk before the confirm, unless it was consumed ' +
        'before that)';
}

/** The guarantee of a pattern over RabbitMQ, which offers neither `event-stream` nor `server-stream`. */
export function guaranteeOf(options: RabbitmqOptions, interaction: string): Guarantee {
  const guarantee = acknowledgedGuarantee(options, interaction);
  return options.acknowledge === 'on-delivery' ? givenOutOnce(guarantee, options) : guarantee;
}

/** With automatic acknowledgement a message belongs to the consumer as soon as it is sent, done or not. */
function givenOutOnce(guarantee: Guarantee, options: RabbitmqOptions): Guarantee {
  return {
    ...guarantee,
    label: 'at-most-once after delivery: a killed consumer loses its messages',
    durableAgainst: `nothing after delivery; in the queue against ${retainedText(options)}`,
    delivery: 'at-most-once',
  };
}

function acknowledgedGuarantee(options: RabbitmqOptions, interaction: string): Guarantee {
  if (isAnswered(interaction)) {
    return {
      label: 'at-least-once within the deadline, survives its service but not its broker',
      acknowledgedBy: 'the service, by its reply after the effect is done',
      durableAgainst:
        'a killed service: an unacknowledged request is redelivered, ' +
        `${options.expire ? 'until its deadline' : 'even without a waiting caller'}, so work may be done twice. ` +
        'Not a restarted broker: neither request nor reply is written to disk, as no caller would wait that long',
      delivery: 'at-least-once',
      order: ORDER,
    };
  }
  if (hasSubscribers(interaction)) {
    return {
      label: 'at-least-once to each subscriber, survives subscribers and mostly its broker',
      acknowledgedBy:
        'the broker, by its confirm once the queue of each subscriber has the message; no work is done yet',
      durableAgainst: `a killed subscriber (unacknowledged messages are redelivered) and ${retainedText(options)}`,
      delivery: 'at-least-once',
      order: `for each subscriber separately: ${ORDER}`,
    };
  }
  return {
    label: 'at-least-once, survives its consumer and mostly its broker',
    acknowledgedBy: 'the broker, by its confirm of a persistent message; the work is not done yet',
    durableAgainst: `a killed consumer (unacknowledged messages are redelivered) and ${retainedText(options)}`,
    delivery: 'at-least-once',
    order: ORDER,
  };
}

export function fairnessOf(options: RabbitmqOptions, interaction: string): Record<string, string> {
  return {
    protocol: `AMQP 0-9-1, ${options.client} as the client`,
    connections: connectionsText(options, interaction),
    encoding: 'JSON',
    noDelay: 'on in every client',
    ...listenerOf(options, interaction),
    ...(options.acknowledge === 'after-effect'
      ? {
          prefetch: "the service's concurrency",
          acknowledging: 'by hand, after the effect',
          redelivery: "unacknowledged messages, marked, as soon as their consumer's connection is gone",
        }
      : {
          prefetch: 'none: all messages',
          acknowledging: 'by the broker, at delivery',
          redelivery: 'none: a message is gone after delivery',
        }),
    durability: isAnswered(interaction)
      ? 'durable queue, transient messages: a restarted broker has none of them'
      : durabilityText(options),
    profile: `${profileText(options)}; heartbeat ${options.heartbeatS} s`,
    ...(options.queueType === 'quorum' ? { 'given up': QUORUM_PRICE } : {}),
  };
}

const QUORUM_PRICE =
  'CPU and disk of the broker: each message goes through the log of a Raft group, although it has one member here';

function durabilityText({ queueType }: RabbitmqOptions): string {
  return queueType === 'quorum'
    ? 'quorum queue, persistent messages: in its log, synced, before the confirm'
    : 'durable queue, persistent messages: on disk before the confirm, unless consumed before that';
}

/** One each with both libraries; the frames of rabbitmq-client are smaller. */
function connectionsText({ client }: RabbitmqOptions, interaction: string): string {
  const frames = client === 'rabbitmq-client' ? ', frames of 8 KiB (amqplib: 128)' : '';
  return `one for the ${isAnswered(interaction) ? 'caller' : 'publisher'}, one for each consumer${frames}`;
}

function queueText({ queueType }: RabbitmqOptions): string {
  return `durable, ${queueType}, one node`;
}

function profileText({ client, profile, reconnectDelayMs, reconnectForMs }: RabbitmqOptions): string {
  if (profile === 'library-defaults')
    return client === 'amqplib'
      ? 'library defaults: never reconnects after a loss, sends are refused'
      : 'library defaults: reconnects after 1 to 30 s, for ever; sends are refused meanwhile';
  const usual = client === 'amqplib' ? 'amqplib by default: never' : 'rabbitmq-client by default: 1 to 30 s';
  return (
    `patient: reconnects every ${reconnectDelayMs} ms for up to ${reconnectForMs} ms ` +
    `(${usual}), sends are refused meanwhile`
  );
}

/** Differences by interaction. */
function listenerOf(options: RabbitmqOptions, interaction: string): Record<string, string> {
  const failed = options.onFailure === 'requeue' ? 'redelivered' : 'dead-lettered';
  if (isAnswered(interaction)) {
    return {
      publishing: 'transient, mandatory, without confirms: the reply is the confirmation',
      queue: queueText(options),
      replies: 'transient, by direct reply-to: no queue of their own',
      expiring: options.expire ? 'requests expire at their deadline' : 'requests never expire',
      'failed work': 'reported in the reply',
    };
  }
  if (hasSubscribers(interaction)) {
    return {
      publishing: 'persistent, mandatory, confirmed one by one',
      exchange: `${options.exchange}, durable`,
      queue: `one per subscriber: ${queueText(options)}`,
      'failed work': failed,
    };
  }
  return {
    publishing: 'persistent, mandatory, confirmed one by one',
    queue: queueText(options),
    'failed work': failed,
  };
}

const state = (what: string): ComplexityItem => ({ category: 'state', what });
const setting = (what: string): ComplexityItem => ({ category: 'setting', what });
const artefact = (what: string): ComplexityItem => ({ category: 'artefact', what });

const OPERATED: readonly ComplexityItem[] = [
  { category: 'process', what: 'broker' },
  { category: 'process', what: 'its name server (epmd)' },
];

const CONSUMING: readonly ComplexityItem[] = [
  state('deliveries without acknowledgement, given out again'),
  state('consumer cancelled by the broker'),
];

const AGREED: readonly ComplexityItem[] = [
  artefact('name and arguments of the queue'),
  artefact('format of the message'),
];

const QUEUE: readonly ComplexityItem[] = [
  ...OPERATED,
  state('connection and channel, each closed on its own'),
  state('unconfirmed publishes'),
  ...CONSUMING,
  setting('durable queue'),
  setting('persistent message'),
  setting('confirms awaited'),
  setting('acknowledged by hand, after the work'),
  setting('what becomes of unroutable messages'),
  setting('what becomes of messages that fail'),
  ...AGREED,
];

const EVENTS: readonly ComplexityItem[] = [...QUEUE, artefact('exchange, bindings and routing keys')];

/** No setting loses a request silently: its caller notices the missing reply. */
const REQUESTS: readonly ComplexityItem[] = [
  ...OPERATED,
  state('connection and channel, each closed on its own'),
  ...CONSUMING,
  state('replies awaited by correlation id'),
  ...AGREED,
  artefact('reply queue'),
];

export function complexityOf(interaction: string): readonly ComplexityItem[] {
  if (isAnswered(interaction)) return REQUESTS;
  return hasSubscribers(interaction) ? EVENTS : QUEUE;
}
