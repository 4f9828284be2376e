import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from '../../../platform/process/run-program.ts';
import type { BrokerStartContext } from '../../../kernel/broker.ts';
import { KAFKA_VERSION } from './jars-lock.ts';

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const LONGEST_MS = 10 * 60_000;

/** What `broker-jars-lock.ts` is a list of. */
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>commbench</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version>
      <exclusions>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>kafka-tools-api</artifactId></exclusion>
      </exclusions>
    </dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

/** Has the user's own Maven copy the jars into a folder: it may know a way out, and words to say, that we don't. */
export async function copyByMaven(mvn: string, folder: string, context: BrokerStartContext): Promise<void> {
  context.progress('Kafka: fetching it by Maven instead');
  const cwd = path.join(context.folder, 'kafka-maven');
  mkdirSync(cwd);
  writeFileSync(path.join(cwd, 'pom.xml'), POM);
  const home = process.env['JAVA_HOME'];
  const spec = {
    name: 'kafka-maven',
    file: mvn,
    args: ['-B', '-q', '-ntp', COPY, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`],
    ...(home === undefined ? {} : { env: { JAVA_HOME: home } }),
    cwd,
    outputPath: path.join(cwd, 'output.log'),
  };
  await runProgram(context.spawner, spec, {
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(LONGEST_MS)]),
    what: 'fetching Kafka by Maven',
    errorCode: 'download-failed',
    hint: 'See whether Maven works here, or name a mirror of Maven Central: COMMBENCH_MAVEN_URL.',
  });
}
