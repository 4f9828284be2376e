import type { TransportDefinition } from '../../kernel/transport.ts';
import { type RabbitmqOptions, rabbitmqOptionsSchema } from './options.ts';
import { parts } from './parts.ts';
import { rabbitmqTarget } from './target.ts';
import { complexityOf, fairnessOf, guaranteeOf } from './statements.ts';

export const definition: TransportDefinition<RabbitmqOptions> = {
  name: 'rabbitmq',
  title: 'Message queue',
  client: 'amqplib',
  interactions: ['work-queue', 'publish-subscribe', 'request-reply'],
  options: rabbitmqOptionsSchema,
  statements: {
    guarantee: guaranteeOf,
    client: ({ client }) => client,
    fairness: fairnessOf,
    complexity: (_options, interaction) => complexityOf(interaction),
  },
  wire: {
    schemes: [
      { protocol: 'amqp:', port: 5672 },
      { protocol: 'amqps:', port: 5671, isSecure: true },
    ],
  },
  parts,
  broker: { name: 'rabbitmq', title: 'RabbitMQ', backAfterS: 4 },
  target: rabbitmqTarget,
};
