import type { Transport, TransportDefinition } from '../../kernel/transport.ts';
import { rabbitmqBroker } from './broker.ts';
import { type RabbitmqOptions, rabbitmqOptionsSchema } from './options.ts';

export const definition: TransportDefinition<RabbitmqOptions> = {
  name: 'rabbitmq',
  title: 'Message queue',
  client: 'amqplib',
  interactions: ['work-queue'],
  options: rabbitmqOptionsSchema,
  guarantee: () => ({
    label: 'at-least-once, survives its consumer and mostly its broker',
    acknowledgedBy: 'the broker, by its confirm of a persistent message; the work is not done yet',
    durableAgainst:
      'a killed consumer (unacknowledged messages are given out again) and a restarted broker (one node, ' +
      'durable queue: written to disk before the confirm, unless it was consumed before that)',
    delivery: 'at-least-once',
    order: 'given out in order; with prefetch above 1 handled side by side, so done in any order',
  }),
  fairness: (options) => ({
    protocol: 'AMQP 0-9-1, amqplib as the client',
    connections: 'one for the publisher, one for the consumer',
    encoding: 'JSON',
    noDelay: 'on in both clients',
    publishing: 'persistent, mandatory, confirmed one by one',
    queue: 'durable, classic, one node',
    prefetch: 'as many as the service has slots',
    acknowledging: 'by hand, after the effect',
    profile:
      `patient: connects again every ${options.reconnectDelayMs} ms for up to ${options.reconnectForMs} ms ` +
      `(amqplib by default: never); heartbeat ${options.heartbeatS} s; sends are refused meanwhile`,
    'failed work': options.onFailure === 'requeue' ? 'given out again' : 'dead-lettered',
  }),
  complexity: () => [
    { category: 'process', what: 'broker' },
    { category: 'process', what: 'its name server (epmd)' },
    { category: 'state', what: 'connection and channel, each closed on its own' },
    { category: 'state', what: 'unconfirmed publishes' },
    { category: 'state', what: 'deliveries without acknowledgement, given out again' },
    { category: 'state', what: 'consumer cancelled by the broker' },
    { category: 'setting', what: 'durable queue' },
    { category: 'setting', what: 'persistent message' },
    { category: 'setting', what: 'confirms awaited' },
    { category: 'setting', what: 'acknowledged by hand, after the work' },
    { category: 'setting', what: 'what becomes of unroutable messages' },
    { category: 'setting', what: 'what becomes of messages that fail' },
    { category: 'artefact', what: 'name and arguments of the queue' },
    { category: 'artefact', what: 'format of the message' },
  ],
  load,
  broker: rabbitmqBroker,
};

async function load(): Promise<Transport<RabbitmqOptions>> {
  const [{ serveRabbitmq }, { connectRabbitmq }, { provisionRabbitmq }] = await Promise.all([
    import('./server.ts'),
    import('./client.ts'),
    import('./provision.ts'),
  ]);
  return { serve: serveRabbitmq, connect: connectRabbitmq, provision: provisionRabbitmq };
}
