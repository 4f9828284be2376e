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
