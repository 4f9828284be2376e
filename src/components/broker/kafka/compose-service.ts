import type { ComposeService } from '../../../kernel/broker.ts';
import { brokerSettings, CLUSTER_ID } from './settings.ts';
import { KAFKA_VERSION } from './jars-lock.ts';

/** Of this machine; set for a run's own container, and by whoever has another broker on the usual port. */
export const PORT_VARIABLE = 'COMMBENCH_KAFKA_PORT';
const PORT_HERE = `\${${PORT_VARIABLE}:-9092}`;

/**
 * Kafka in docker-compose.yml, with the settings of a broker that is started without it. Clients are told
 * to come back to this machine's port, so the variable serves both.
 * `docker compose up kafka`, then `--broker kafka=kafka://127.0.0.1:9092`.
 * Not tested: no engine ran where it was written.
 */
export const composeService: ComposeService = {
  image: `apache/kafka:${KAFKA_VERSION}`,
  ports: [`127.0.0.1:${PORT_HERE}:9092`],
  environment: {
    CLUSTER_ID,
    KAFKA_HEAP_OPTS: '-Xms256m -Xmx384m',
    KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseSerialGC',
    ...asVariables(
      brokerSettings({
        host: '0.0.0.0',
        port: 9092,
        controllerPort: 9093,
        advertised: `127.0.0.1:${PORT_HERE}`,
      }),
    ),
  },
  stop_grace_period: '15s',
};

/** As the image takes them: `log.dirs` is `KAFKA_LOG_DIRS`. */
function asVariables(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`,
      value,
    ]),
  );
}
