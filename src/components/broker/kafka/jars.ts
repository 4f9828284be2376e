import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { assertFreeSpace, megabytes } from '../../../platform/packages/disk-errors.ts';
import { downloadFiles } from '../../../platform/packages/download.ts';
import { findProgram } from '../../../platform/process/find-program.ts';
import { installedStamp, installOnce } from '../../../platform/packages/install.ts';
import { mavenUrl } from '../../../platform/packages/maven.ts';
import type { BrokerStartContext } from '../../../kernel/broker.ts';
import { CommbenchError } from '../../../kernel/errors.ts';
import { copyByMaven } from './jars-maven.ts';
import { KAFKA_JARS, KAFKA_VERSION } from './jars-lock.ts';

/** Kafka's code, wherever it stands. */
export interface Jars {
  readonly version: string;
  /** Paths, in the order in which Java looks through them. */
  readonly files: readonly string[];
}

const BYTES = KAFKA_JARS.reduce((sum, { bytes }) => sum + bytes, 0);
/** With the archive of classes that is made of them. */
const DISK_BYTES = BYTES + 60_000_000;
/** On a usual line. */
export const JARS_FETCH = { bytes: BYTES, seconds: 10 } as const;
/** The first that needs no ZooKeeper. */
const OLDEST = [3, 5] as const;
/** Raise it when what is installed changes in kind: older folders are then left alone. */
const FORMAT = 1;

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

export function jarsFolder(cacheFolder: string): string {
  return path.join(cacheFolder, 'brokers', `kafka-${KAFKA_VERSION}-${FORMAT}`);
}

/** What was fetched earlier, if it is whole. */
export async function fetchedJars(cacheFolder: string): Promise<Jars | undefined> {
  const folder = jarsFolder(cacheFolder);
  const stamp = await installedStamp(folder);
  return stamp && { version: stamp.version, files: jarsIn(folder) };
}

/**
 * Fetches Kafka into the cache unless it is there; one process does it, others wait for it. What an
 * interrupted fetch brought is kept beside it, for the next.
 */
export async function fetchJarsOnce(context: BrokerStartContext): Promise<Jars> {
  const folder = jarsFolder(context.cacheFolder);
  const incoming = `${folder}.incoming`;
  await installOnce(folder, {
    signal: context.signal,
    onWait: () => context.progress('Kafka: another commbench is fetching it; waiting for that'),
    async fill(part) {
      assertFreeSpace(part, DISK_BYTES);
      const size = `about ${megabytes(BYTES)}, about ${JARS_FETCH.seconds} s on a usual line`;
      context.progress(`Kafka: fetching it once, ${size}`);
      await bring(incoming, context);
      await moveAll(incoming, part);
      return KAFKA_VERSION;
    },
  });
  return { version: KAFKA_VERSION, files: jarsIn(folder) };
}

/** From a Maven repository; where that fails, by the user's Maven, held to the same list. */
async function bring(folder: string, context: BrokerStartContext): Promise<void> {
  const download = {
    title: 'Kafka',
    baseUrl: mavenUrl(),
    hint: 'See whether that address can be reached; COMMBENCH_MAVEN_URL names a mirror of Maven Central instead.',
    signal: context.signal,
    progress: (line: string) => context.progress(line),
  };
  try {
    await downloadFiles(KAFKA_JARS, folder, download);
  } catch (error) {
    const mvn = findProgram('mvn');
    if (mvn === undefined || !(error instanceof CommbenchError) || error.code !== 'download-failed')
      throw error;
    context.progress(error.message);
    await copyByMaven(mvn, folder, context);
    await downloadFiles(KAFKA_JARS, folder, download);
  }
}

async function moveAll(from: string, to: string): Promise<void> {
  for (const file of KAFKA_JARS) {
    const name = path.basename(file.path);
    await rename(path.join(from, name), path.join(to, name));
  }
  await rm(from, { recursive: true, force: true });
}

/** By their real paths: an archive of classes is good for these alone, whatever way led there. */
function jarsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const real = realpathSync(folder);
  return readdirSync(real)
    .filter((name) => name.endsWith('.jar'))
    .toSorted()
    .map((name) => path.join(real, name));
}
