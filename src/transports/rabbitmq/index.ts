import type { Transport, TransportDefinition } from '../../kernel/transport.ts';
import { type RabbitmqOptions, rabbitmqOptionsSchema } from './options.ts';
import { rabbitmqTarget } from './target.ts';
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
  broker: { name: 'rabbitmq', title: 'RabbitMQ' },
  target: rabbitmqTarget,
};

async function load(): Promise<Transport<RabbitmqOptions>> {
  const [server, client, provision, targetClient, targetCheck, targetListen] = await Promise.all([
    import('./server.ts'),
    import('./client.ts'),
    import('./provision.ts'),
    import('./target-client.ts'),
    import('./target-check.ts'),
    import('./target-listen.ts'),
  ]);
  return {
    serve: server.serveRabbitmq,
    connect: client.connectRabbitmq,
    provision: provision.provisionRabbitmq,
    connectTarget: targetClient.connectRabbitmqTarget,
    findTarget: targetCheck.findRabbitmqTarget,
    listenOutlet: targetListen.listenRabbitmq,
  };
}
