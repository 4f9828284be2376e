import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { JarRecipe } from '../../../platform/packages/recipe.ts';
import { findProgram } from '../../../platform/process/find-program.ts';
import { KAFKA_JARS, KAFKA_VERSION } from './jars-lock.ts';

/** Kafka's jars, installed or fetched. */
export interface Jars {
  readonly version: string;
  /** Paths, in the order of Java's class path. */
  readonly files: readonly string[];
}

const BYTES = KAFKA_JARS.reduce((sum, { bytes }) => sum + bytes, 0);
/** The first version that needs no ZooKeeper. */
const OLDEST = [3, 5] as const;

export const kafkaJars: JarRecipe = {
  kind: 'jar',
  name: 'kafka',
  title: 'Kafka',
  format: 1,
  version: KAFKA_VERSION,
  files: KAFKA_JARS,
  pom: `<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version>
      <exclusions>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>kafka-tools-api</artifactId></exclusion>
      </exclusions>
    </dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>`,
  bytes: BYTES,
  seconds: 10,
  // Includes the archive of classes made from them.
  diskBytes: BYTES + 60_000_000,
  hint: 'Set COMMBENCH_MAVEN_URL to a mirror of Maven Central.',
  finish: async () => KAFKA_VERSION,
};

/** A Kafka that the user has installed: `KAFKA_HOME`'s, or the one whose start script is on the PATH. */
export function installedJars(): Jars | string {
  const home = process.env['KAFKA_HOME'] || homeOnPath();
  if (!home) return 'no Kafka is installed (kafka-server-start.sh on the PATH, or KAFKA_HOME)';
  const files = jarsIn(path.join(home, 'libs'));
  const version = /^kafka_[\d.]+-(\d+\.\d+[\w.-]*)\.jar$/;
  const found = files.map((file) => version.exec(path.basename(file))?.[1]).find((it) => it !== undefined);
  if (found === undefined) return `no Kafka in ${path.join(home, 'libs')}`;
  const [major, minor] = found.split('.').map(Number) as [number, number];
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    return `Kafka ${found} in ${home} is older than ${OLDEST.join('.')}`;
  }
  return { version: found, files };
}

function homeOnPath(): string | undefined {
  const script = findProgram('kafka-server-start.sh') ?? findProgram('kafka-server-start');
  return script === undefined ? undefined : path.resolve(realpathSync(script), '../..');
}

/** Real paths, as an archive of classes is valid for these alone. */
export function jarsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const real = realpathSync(folder);
  return readdirSync(real)
    .filter((name) => name.endsWith('.jar'))
    .toSorted()
    .map((name) => path.join(real, name));
}
