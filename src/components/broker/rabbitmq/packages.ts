import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { StartContext } from '../../../kernel/component.ts';
import { CommbenchError } from '../../../kernel/errors.ts';
import { useOwnLibrary } from '../../../platform/packages/own-library.ts';
import type { SuiteDebs, SystemDebs } from '../../../platform/packages/recipe.ts';
import { startBrokerProcess } from '../broker-process.ts';
import { rabbitClient } from './connection.ts';
import { corePlugins, type RabbitPrograms, unpackedPrograms, writeErl } from './programs.ts';
import { lastRabbitOutput, prepareRabbitmq } from './server.ts';

const TITLE = 'RabbitMQ';
const INSTALL_IT = 'Install it: sudo apt-get install rabbitmq-server';
/** As long as any start of a broker may take. */
const READY_MS = 90_000;
const LEAST_CORE = 5;

const SHARED = {
  kind: 'deb',
  name: 'rabbitmq',
  title: TITLE,
  format: 2,
  wanted: 'rabbitmq-server',
  hint: INSTALL_IT,
} as const;

/** The system's own release: the last resort. Measured on Debian 12 (3.10.8): 14 MB of lists, 33 MB of packages. */
export const systemRabbit: SystemDebs = {
  ...SHARED,
  suite: 'system',
  keep: /^(erlang-|rabbitmq-server$|lib|zlib1g)/,
  together: /^(erlang-|rabbitmq-server$)/,
  base: /^erlang-base$/,
  bytes: 47_000_000,
  seconds: 15,
  diskBytes: 200_000_000,
  finish: (folder, context) => finish(folder, context),
};

/** RabbitMQ and Erlang with every library that they load, by the start of its name: version numbers in names grow. */
const WITH_LIBRARIES =
  /^(erlang-.+|rabbitmq-server|libc6|libgcc-s1|libstdc\+\+\d+|libtinfo\d+|zlib1g|libzstd\d+|libssl\d+|libsystemd\d+|libcap\d+)(t64)?$/;
const DEBIAN_KEYS = ['gpg', 'pgp'].map((kind) => `/usr/share/keyrings/debian-archive-keyring.${kind}`);

/** Newer suites of Debian, the newest first, with their sizes: 10 MB of lists in each. */
export const NEWER_RABBITS: readonly SuiteDebs[] = [
  newerRabbit('forky', { bytes: 61_000_000, seconds: 30 }),
  newerRabbit('trixie', { bytes: 52_000_000, seconds: 25 }),
];

function newerRabbit(codename: string, size: Pick<SuiteDebs, 'bytes' | 'seconds'>): SuiteDebs {
  return {
    ...SHARED,
    ...size,
    suite: { codename, keyrings: DEBIAN_KEYS },
    keep: WITH_LIBRARIES,
    diskBytes: 400_000_000,
    async finish(folder, context) {
      await useOwnLibrary(folder);
      return finish(folder, context);
    },
  };
}

/** Makes the unpacked broker fit to run, and starts it once: only then is it used from here on. */
async function finish(folder: string, context: StartContext): Promise<string> {
  writeErl(folder);
  const programs = unpackedPrograms(folder);
  const core = programs ? corePlugins(programs.plugins) : [];
  if (!programs || core.length < LEAST_CORE) {
    const message = 'The fetched RabbitMQ packages are incomplete';
    throw new CommbenchError('download-failed', message, { hint: INSTALL_IT });
  }
  await prune(folder, programs, core);
  context.progress(`${TITLE} ${programs.version}: checking that it starts`);
  await startOnce(programs, context);
  return programs.version;
}

/** Removes parts that only cost time and space: plugins that are never enabled, manuals. */
async function prune(folder: string, { plugins }: RabbitPrograms, core: readonly string[]): Promise<void> {
  const surplus = (await readdir(plugins)).filter((name) => !core.includes(name));
  for (const name of surplus) await rm(path.join(plugins, name), { recursive: true, force: true });
  await rm(path.join(folder, 'root/usr/share'), { recursive: true, force: true });
}

/** A testing release may hold an Erlang and a broker that do not fit: what counts is that it takes a message. */
async function startOnce(programs: RabbitPrograms, context: StartContext): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const prepared = await prepareRabbitmq(programs, context, stack);
  const described = { title: TITLE, client: rabbitClient, lastOutput: lastRabbitOutput };
  stack.use(await startBrokerProcess(described, { ...prepared, readyMs: READY_MS }, context));
}
