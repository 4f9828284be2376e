import type { ComposeService } from '../../kernel/broker.ts';

/**
 * RabbitMQ as a compose file: the one source of /docker-compose.yml and of the file that a run starts from.
 * Loopback only; nothing is kept once the container is gone.
 * Untested so far: no engine ran where it was written.
 * @param port of this machine
 */
export function composeFile(port: string): string {
  return `# Made from src/transports/rabbitmq/compose.ts, which a test compares it with. Not tested with a running engine.
services:
  rabbitmq:
    image: rabbitmq:4.1
    hostname: commbench
    ports:
      - '127.0.0.1:${port}:5672'
    stop_grace_period: 15s
`;
}

/** The file at the root of the repository: `docker compose up`, then `--broker rabbitmq=amqp://guest:guest@127.0.0.1:5672`. */
export const REPOSITORY_FILE = composeFile('${COMMBENCH_RABBITMQ_PORT:-5672}');

/** The same, as the port wants it. */
export const composeService: ComposeService = {
  image: 'rabbitmq:4.1',
  hostname: 'commbench',
  ports: ['127.0.0.1:${COMMBENCH_RABBITMQ_PORT:-5672}:5672'],
  stop_grace_period: '15s',
};
