import { findAptTools } from '../../../platform/packages/apt.ts';
import { type AvailablePlan, defineBroker } from '../broker-kind.ts';
import { startComposed } from '../compose-run.ts';
import { findProgram } from '../../../platform/process/find-program.ts';
import type {
  BrokerContext,
  BrokerSource,
  BrokerStartContext,
  StartedBroker,
} from '../../../kernel/broker.ts';
import { CommbenchError } from '../../../kernel/errors.ts';
import { greet, proveReady, pushThrough } from './client.ts';
import { composedKafka } from './start-composed.ts';
import { fetchedJars, fetchJarsOnce, installedJars, JARS_FETCH, jarsFolder } from './jars.ts';
import { KAFKA_VERSION } from './jars-lock.ts';
import { findJava, type Java, JAVA_FETCH, unpackJava } from './java.ts';
import { prepareKit } from './prepared.ts';
import { startPrograms } from './start.ts';
import { composeService } from './compose-service.ts';

/** A real Apache Kafka in KRaft mode, wherever it can be had (DESIGN 6). */
export const broker = defineBroker({
  name: 'kafka',
  title: 'Kafka',
  schemes: ['kafka'],
  compose: composeService,
  exampleUrl: 'kafka://127.0.0.1:9092',
  needs: 'to make, write to, read and remove topics and groups named commbench-*',
  places: [installed, cached, fetchable],
  cure,
  greet,
  prove: proveReady,
  warm: pushThrough,
  startOwn,
});

async function installed(context: BrokerContext): Promise<AvailablePlan | string> {
  const jars = installedJars();
  if (typeof jars === 'string') return jars;
  const java = await findJava(context);
  if (typeof java === 'string') return `Kafka ${jars.version} is installed, but ${java}`;
  const detail = `${jars.files[0]!} and others, run by ${java.file}`;
  return { state: 'available', source: 'installed', version: jars.version, detail };
}

async function cached(context: BrokerContext): Promise<AvailablePlan | string> {
  const folder = jarsFolder(context.cacheFolder);
  if (!(await fetchedJars(context.cacheFolder))) return `nothing fetched into ${folder}`;
  const java = await findJava(context);
  if (typeof java === 'string') return java;
  const detail = `${folder}, run by ${java.file}`;
  return { state: 'available', source: 'package-cache', version: KAFKA_VERSION, detail };
}

/** The jars from a Maven repository; a Java, where there is none, from the system's packages. */
async function fetchable(context: BrokerContext): Promise<AvailablePlan | string> {
  const java = await findJava(context);
  if (typeof java === 'string' && !findAptTools()) return `${java}, and no apt-get and dpkg-deb to fetch one`;
  const missing = [
    ...((await fetchedJars(context.cacheFolder)) ? [] : [JARS_FETCH]),
    ...(typeof java === 'string' ? [JAVA_FETCH] : []),
  ];
  const by = typeof java === 'string' ? `a Java of the system's packages` : java.file;
  return {
    state: 'available',
    source: 'package-cache',
    version: KAFKA_VERSION,
    detail: `to be put into ${jarsFolder(context.cacheFolder)}, run by ${by}`,
    fetch: {
      bytes: missing.reduce((sum, { bytes }) => sum + bytes, 0),
      seconds: missing.reduce((sum, { seconds }) => sum + seconds, 0),
    },
  };
}

/** The one command that would make it available. */
function cure(): string {
  if (process.platform === 'darwin') return 'Install a Java: brew install openjdk@17';
  if (findProgram('dnf')) return 'Install a Java: sudo dnf install java-21-openjdk-headless';
  if (findProgram('docker')) return 'Start the docker engine: sudo systemctl start docker';
  return 'Install Java 17 or newer, or give a broker: --broker kafka=kafka://127.0.0.1:9092';
}

async function startOwn(
  source: Exclude<BrokerSource, 'url' | 'kept'>,
  context: BrokerStartContext,
): Promise<StartedBroker> {
  if (source === 'compose') return startComposed(composedKafka, context);
  const jars = source === 'installed' ? installedJars() : await fetchJarsOnce(context);
  if (typeof jars === 'string') throw gone(jars);
  const kit = await prepareKit({ java: await needJava(context), jars }, context);
  return startPrograms(kit, source, context);
}

async function needJava(context: BrokerStartContext): Promise<Java> {
  const java = await findJava(context);
  if (typeof java !== 'string') return java;
  const tools = findAptTools();
  if (!tools) throw gone(java);
  return unpackJava(tools, context);
}

function gone(found: string): CommbenchError {
  return new CommbenchError('no-broker', `Expected what a Kafka needs, found ${found}`, { hint: cure() });
}
