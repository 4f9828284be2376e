import type { ComposedBroker } from '../compose-run.ts';
import { pushThrough } from './client.ts';
import { KAFKA_VERSION } from './jars-lock.ts';
import { speaker, untilProved } from './program.ts';
import { composeService, PORT_VARIABLE } from './compose-service.ts';

/** Kafka in a container. */
export const composedKafka: ComposedBroker = {
  name: 'kafka',
  title: 'Kafka',
  compose: composeService,
  speaker,
  portVariable: PORT_VARIABLE,
  url: (port) => `kafka://127.0.0.1:${port}`,
  async ready(url, signal) {
    await untilProved(url, signal);
    // A first group makes the broker create the topic of the groups.
    await pushThrough(url, signal, 1);
    return KAFKA_VERSION;
  },
  warm: (url, signal) => pushThrough(url, signal),
};
