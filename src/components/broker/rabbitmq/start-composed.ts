import type { ComposedBroker } from '../compose-run.ts';
import { pushThrough } from './connection.ts';
import { speaker, untilConfirmed } from './ready.ts';
import { composeService, PORT_VARIABLE } from './compose-service.ts';

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
