import path from 'node:path';
import { portVariable } from '../compose.ts';
import { defineBroker } from '../define-broker.ts';
import { kafkaClient } from './client.ts';
import { installedJars, jarsIn, kafkaJars } from './jars.ts';
import { KAFKA_VERSION } from './jars-lock.ts';
import { java } from './java.ts';
import { prepareKit } from './prepared.ts';
import { lastOutput, prepareKafka, kafkaUrlAt } from './server.ts';
import { asVariables, brokerSettings, CLUSTER_ID } from './settings.ts';

const PORT_HERE = `\${${portVariable('kafka')}:-9092}`;

/** A real Apache Kafka in KRaft mode, from any source (DESIGN 6). */
export const broker = defineBroker({
  name: 'kafka',
  title: 'Kafka',
  schemes: ['kafka'],
  exampleUrl: 'kafka://127.0.0.1:9092',
  needs: 'to make, write to, read and remove topics and groups named commbench-*',
  // With the settings of a broker that is started without compose. Clients are redirected to this machine's port.
  compose: {
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
  },
  programs: {
    recipes: () => [kafkaJars],
    installed: async () => installedJars(),
    whyNotIn: async (folder) =>
      folder.includes(path.delimiter)
        ? `Java cannot load code from ${folder}: set XDG_CACHE_HOME to a folder without ${path.delimiter}`
        : undefined,
    unpacked: async (folder) => ({ version: KAFKA_VERSION, files: jarsIn(folder) }),
    describe: ({ files }) => `${files[0]} and others`,
  },
  runtime: java,
  install: {
    brew: 'brew install openjdk@17',
    dnf: 'sudo dnf install java-21-openjdk-headless',
    other: 'Install Java 17 or newer, or give a broker: --broker kafka=kafka://127.0.0.1:9092',
  },
  client: kafkaClient,
  lastOutput,
  urlAt: kafkaUrlAt,
  prepare: async ({ programs, runtime }, context) =>
    prepareKafka(await prepareKit({ jars: programs, java: runtime }, context), context),
});
