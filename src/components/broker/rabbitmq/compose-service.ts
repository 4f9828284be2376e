import type { ComposeService } from '../../../kernel/broker.ts';

/** Of this machine; set for a run's own container, and by whoever has another broker on the usual port. */
export const PORT_VARIABLE = 'COMMBENCH_RABBITMQ_PORT';

/**
 * RabbitMQ in docker-compose.yml: the version that Debian's packages have, as it comes.
 * `docker compose up rabbitmq`, then `--broker rabbitmq=amqp://guest:guest@127.0.0.1:5672`.
 */
export const composeService: ComposeService = {
  image: 'rabbitmq:3.10.8',
  // Its data are filed under its host's name.
  hostname: 'commbench',
  ports: [`127.0.0.1:\${${PORT_VARIABLE}:-5672}:5672`],
  stop_grace_period: '15s',
};
