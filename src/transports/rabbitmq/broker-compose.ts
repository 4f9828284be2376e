import type { ComposedBroker } from '../../brokers/compose-run.ts';
import { pushThrough } from './broker-connection.ts';
import { speaker, untilConfirmed } from './broker-ready.ts';
import { composeService, PORT_VARIABLE } from './compose.ts';

/** RabbitMQ in a container. */
export const composedRabbitmq: ComposedBroker = {
  name: 'rabbitmq',
  title: 'RabbitMQ',
  compose: composeService,
  speaker,
  portVariable: PORT_VARIABLE,
  url: (port) => `amqp://guest:guest@127.0.0.1:${port}`,
  ready: untilConfirmed,
  warm: pushThrough,
};
