import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type AptTools, fetchPackages } from '../../../platform/packages/apt.ts';
import { assertFreeSpace, megabytes } from '../../../platform/packages/disk-errors.ts';
import { findProgram } from '../../../platform/process/find-program.ts';
import { installedStamp, installOnce } from '../../../platform/packages/install.ts';
import { pointLinksInside } from '../../../platform/packages/links.ts';
import { runProgram } from '../../../platform/process/run-program.ts';
import { systemRelease } from '../../../platform/packages/system-release.ts';
import type { BrokerContext, BrokerStartContext } from '../../../kernel/broker.ts';
import { CommbenchError } from '../../../kernel/errors.ts';

/** Kafka 4 needs it. */
const OLDEST = 17;
const ANSWER_MS = 20_000;
/** Seen on Debian 12: 14 MB of package lists and 44 MB of a package. */
export const JAVA_FETCH = { bytes: 58_000_000, seconds: 10 } as const;
/** While it is fetched: lists, the package and what is unpacked, side by side. */
const DISK_BYTES = 350_000_000;
const INSTALL_IT = 'Install it: sudo apt-get install default-jre-headless';
/** Raise it when what is unpacked changes in kind: older folders are then left alone. */
const FORMAT = 1;

export interface Java {
  readonly file: string;
  /** All that it says of itself: another build has other archives of classes. */
  readonly build: string;
}

/** A Java that is new enough: `JAVA_HOME`'s, the one on the PATH, or one unpacked earlier; else what was found. */
export async function findJava({ cacheFolder, signal }: BrokerContext): Promise<Java | string> {
  const home = process.env['JAVA_HOME'];
  const candidates = [
    home ? path.join(home, 'bin/java') : undefined,
    findProgram('java'),
    (await installedStamp(jreFolder(cacheFolder))) ? unpackedJava(jreFolder(cacheFolder)) : undefined,
  ];
  const found: string[] = [];
  for (const file of candidates) {
    if (file === undefined) continue;
    const java = await ask(file, signal);
    if (typeof java !== 'string') return java;
    found.push(java);
  }
  return found.length > 0 ? `no java of ${OLDEST} or newer: ${found.join(', ')}` : 'no java is installed';
}

/** Its version, by running it: what is called java may be a stub that only says where to get one. */
async function ask(file: string, signal: AbortSignal): Promise<Java | string> {
  if (!existsSync(file)) return `${file} is not there`;
  try {
    const { stderr } = await promisify(execFile)(file, ['-version'], {
      signal,
      timeout: ANSWER_MS,
      killSignal: 'SIGKILL',
    });
    const version = /version "([^"]+)"/.exec(stderr)?.[1] ?? 'unknown';
    if (Number(version.split(/\D/)[0]) >= OLDEST) return { file, build: stderr };
    return `${file} is ${version}`;
  } catch {
    signal.throwIfAborted();
    return `${file} does not run`;
  }
}

function jreFolder(cacheFolder: string): string {
  return path.join(cacheFolder, 'brokers', `jre-${systemRelease()}-${process.arch}-${FORMAT}`);
}

function unpackedJava(folder: string): string | undefined {
  const machines = path.join(folder, 'root/usr/lib/jvm');
  if (!existsSync(machines)) return undefined;
  const homes = readdirSync(machines, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return homes.map(({ name }) => path.join(machines, name, 'bin/java')).find(existsSync);
}

/** Unpacks Debian's JRE into the cache, without root. */
export async function unpackJava(tools: AptTools, context: BrokerStartContext): Promise<Java> {
  const folder = jreFolder(context.cacheFolder);
  await installOnce(folder, {
    signal: context.signal,
    onWait: () => context.progress('Java: another commbench is fetching it; waiting for that'),
    fill: (part) => fetchInto(part, tools, context),
  });
  const java = await ask(unpackedJava(folder) ?? folder, context.signal);
  if (typeof java !== 'string') return java;
  throw new CommbenchError('download-failed', `Expected Java ${OLDEST} or newer, found ${java}`, {
    hint: INSTALL_IT,
  });
}

async function fetchInto(folder: string, tools: AptTools, context: BrokerStartContext): Promise<string> {
  assertFreeSpace(folder, DISK_BYTES);
  const size = `about ${megabytes(JAVA_FETCH.bytes)}, about ${JAVA_FETCH.seconds} s on a usual line`;
  context.progress(`Java: fetching it once, ${size}`);
  const jre = /^openjdk-\d+-jre-headless$/;
  await fetchPackages(tools, folder, {
    name: 'java',
    title: 'Java',
    wanted: 'default-jre-headless',
    keep: jre,
    together: jre,
    base: jre,
    spawner: context.spawner,
    signal: context.signal,
    logFolder: context.folder,
    progress: (line) => context.progress(line),
  });
  await pointLinksInside(path.join(folder, 'root'));
  const file = unpackedJava(folder) ?? folder;
  const java = await ask(file, context.signal);
  if (typeof java === 'string') {
    throw new CommbenchError('download-failed', `Expected Java ${OLDEST} or newer, found ${java}`, {
      hint: INSTALL_IT,
    });
  }
  await checkWhole(file, folder, context);
  await archiveOwnClasses(file, context);
  await rm(path.join(folder, 'root/usr/share'), { recursive: true, force: true });
  return java.build.split('\n')[0]!;
}

/** `-version` runs even where its settings and security files are not found, and nothing real does. */
async function checkWhole(java: string, folder: string, context: BrokerStartContext): Promise<void> {
  const store = path.join(context.folder, 'java-check.p12');
  const pair = ['-genkeypair', '-alias', 'check', '-keyalg', 'EC', '-dname', 'CN=check'];
  const spec = {
    name: 'java-check',
    file: path.join(path.dirname(java), 'keytool'),
    args: [...pair, '-keystore', store, '-storepass', 'only-a-check'],
    cwd: folder,
    outputPath: path.join(context.folder, 'java-check.log'),
  };
  await runProgram(context.spawner, spec, {
    signal: context.signal,
    what: 'running the fetched Java',
    errorCode: 'download-failed',
    hint: INSTALL_IT,
  });
  await rm(store, { force: true });
}

/** What the package's installation does as root; without it there are no archives of any classes. */
async function archiveOwnClasses(java: string, context: BrokerStartContext): Promise<void> {
  const spec = {
    name: 'java-archive',
    file: java,
    args: ['-Xshare:dump'],
    outputPath: path.join(context.folder, 'java-archive.log'),
  };
  await runProgram(context.spawner, spec, {
    signal: context.signal,
    what: "archiving Java's own classes",
    errorCode: 'download-failed',
    hint: INSTALL_IT,
  });
}
