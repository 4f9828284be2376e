import type { Transport, TransportDefinition } from '../../kernel/transport.ts';
import { rabbitmqBroker } from './broker.ts';
import { type RabbitmqOptions, rabbitmqOptionsSchema } from './options.ts';
import { complexityOf, fairnessOf, guaranteeOf } from './statements.ts';

export const definition: TransportDefinition<RabbitmqOptions> = {
  name: 'rabbitmq',
  title: 'Message queue',
  client: 'amqplib',
  interactions: ['work-queue', 'publish-subscribe', 'request-reply'],
  options: rabbitmqOptionsSchema,
  guarantee: guaranteeOf,
  fairness: fairnessOf,
  complexity: (_options, interaction) => complexityOf(interaction),
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
