import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { StartContext } from '../../../kernel/component.ts';
import { CommbenchError } from '../../../kernel/errors.ts';
import { pointLinksInside } from '../../../platform/packages/links.ts';
import type { SystemDebs } from '../../../platform/packages/recipe.ts';
import { findProgram } from '../../../platform/process/find-program.ts';
import { runProgram } from '../../../platform/process/run-program.ts';
import type { Ingredient } from '../recipe.ts';

/** The version that Kafka 4 needs. */
const OLDEST = 17;
const ANSWER_MS = 20_000;
const INSTALL_IT = 'Install it: sudo apt-get install default-jre-headless';
const JRE = /^openjdk-\d+-jre-headless$/;

export interface Java {
  readonly file: string;
  /** Its complete version output: archives of classes differ between builds. */
  readonly build: string;
}

/** Debian's package. Measured on Debian 12: 14 MB of package lists and a package of 44 MB. */
const jrePackage: SystemDebs = {
  kind: 'deb',
  name: 'jre',
  title: 'Java',
  format: 1,
  suite: 'system',
  wanted: 'default-jre-headless',
  keep: JRE,
  together: JRE,
  base: JRE,
  bytes: 58_000_000,
  seconds: 10,
  diskBytes: 350_000_000,
  hint: INSTALL_IT,
  async finish(folder, context) {
    await pointLinksInside(path.join(folder, 'root'));
    const found = await ask(unpackedFile(folder), context.signal);
    if (typeof found === 'string') {
      const message = `Expected Java ${OLDEST} or newer, found ${found}`;
      throw new CommbenchError('download-failed', message, { hint: INSTALL_IT });
    }
    await checkWhole(found.file, folder, context);
    await archiveOwnClasses(found.file, context);
    await rm(path.join(folder, 'root/usr/share'), { recursive: true, force: true });
    return found.build.split('\n')[0]!;
  },
};

/** The runtime of a Kafka: a Java that is new enough. */
export const java: Ingredient<Java> = {
  recipes: () => [jrePackage],
  installed: installedJava,
  unpacked: (folder, signal) => ask(unpackedFile(folder), signal),
  describe: ({ file }) => file,
};

/** `JAVA_HOME`'s, or the one on the PATH; else words for what was found. */
export async function installedJava(signal: AbortSignal): Promise<Java | string> {
  const home = process.env['JAVA_HOME'];
  const candidates = [home ? path.join(home, 'bin/java') : undefined, findProgram('java')];
  const found: string[] = [];
  for (const file of candidates) {
    if (file === undefined) continue;
    const it = await ask(file, signal);
    if (typeof it !== 'string') return it;
    found.push(it);
  }
  return found.length > 0 ? `no java of ${OLDEST} or newer: ${found.join(', ')}` : 'no java is installed';
}

/** Reads its version by running it: an executable named java may be a stub that only tells how to install one. */
async function ask(file: string, signal: AbortSignal): Promise<Java | string> {
  if (!existsSync(file)) return `${file}: file not found`;
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

/** The java of unpacked packages; the folder itself where there is none. */
function unpackedFile(folder: string): string {
  const machines = path.join(folder, 'root/usr/lib/jvm');
  if (!existsSync(machines)) return folder;
  const homes = readdirSync(machines, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return homes.map(({ name }) => path.join(machines, name, 'bin/java')).find(existsSync) ?? folder;
}

/** Runs more than `-version`, which works even without the settings and security files that Java needs otherwise. */
async function checkWhole(file: string, folder: string, context: StartContext): Promise<void> {
  const store = path.join(context.folder, 'java-check.p12');
  const pair = ['-genkeypair', '-alias', 'check', '-keyalg', 'EC', '-dname', 'CN=check'];
  const spec = {
    name: 'java-check',
    file: path.join(path.dirname(file), 'keytool'),
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

/** A step that the package's installation runs as root; without it there are no archives of any classes. */
async function archiveOwnClasses(file: string, context: StartContext): Promise<void> {
  const spec = {
    name: 'java-archive',
    file,
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
