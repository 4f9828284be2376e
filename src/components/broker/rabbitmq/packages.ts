import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type AptTools, fetchPackages } from '../../../platform/packages/apt.ts';
import { assertFreeSpace } from '../../../platform/packages/disk-errors.ts';
import { installedStamp, installOnce, type Stamp } from '../../../platform/packages/install.ts';
import { runProgram } from '../../../platform/process/run-program.ts';
import { systemRelease } from '../../../platform/packages/system-release.ts';
import type { BrokerStartContext } from '../../../kernel/broker.ts';
import { CommbenchError } from '../../../kernel/errors.ts';
import { corePlugins, linkErl, unpackedPrograms } from './programs.ts';

/** Seen on Debian 12: 14 MB of package lists and 33 MB of packages, 6 to 10 s. */
export const FETCH = { bytes: 47_000_000, seconds: 10 } as const;
/** While it is fetched: lists, packages and what is unpacked, side by side. */
const DISK_BYTES = 200_000_000;
const LONGEST_FETCH_MS = 20 * 60_000;
const INSTALL_IT = 'Install it: sudo apt-get install rabbitmq-server';
/** Raise it when what is unpacked changes in kind: older folders are then left alone. */
const FORMAT = 1;

/** Of this system release only: the packages use its C library. */
export function packageFolder(cacheFolder: string): string {
  return path.join(cacheFolder, 'brokers', `rabbitmq-${systemRelease()}-${process.arch}-${FORMAT}`);
}

/** The stamp of what is unpacked already and whole. */
export function unpackedStamp(cacheFolder: string): Promise<Stamp | undefined> {
  return installedStamp(packageFolder(cacheFolder));
}

/** Unpacks RabbitMQ into the cache unless it is there; one process does it, others wait for it. */
export async function unpackOnce(tools: AptTools | undefined, context: BrokerStartContext): Promise<Stamp> {
  const limit = AbortSignal.timeout(LONGEST_FETCH_MS);
  const signal = AbortSignal.any([context.signal, limit]);
  try {
    return await installOnce(packageFolder(context.cacheFolder), {
      signal,
      onWait: () => context.progress('RabbitMQ: another commbench is fetching it; waiting for that'),
      fill: (folder) => fetchInto(folder, tools, { ...context, signal }),
    });
  } catch (error) {
    if (error !== limit.reason) throw error;
    const minutes = LONGEST_FETCH_MS / 60_000;
    throw new CommbenchError('download-failed', `Expected RabbitMQ to be fetched within ${minutes} minutes`, {
      hint: INSTALL_IT,
      cause: error,
    });
  }
}

async function fetchInto(
  folder: string,
  tools: AptTools | undefined,
  context: BrokerStartContext,
): Promise<string> {
  if (!tools) {
    throw new CommbenchError('no-broker', 'Expected apt-get and dpkg-deb for fetching RabbitMQ, found none', {
      hint: 'Run `commbench doctor`.',
    });
  }
  assertFreeSpace(folder, DISK_BYTES);
  const megabytes = Math.round(FETCH.bytes / 1e6);
  context.progress(
    `RabbitMQ: fetching it once, about ${megabytes} MB, about ${FETCH.seconds} s on a usual line`,
  );
  await fetchPackages(tools, folder, {
    name: 'rabbitmq',
    title: 'RabbitMQ',
    wanted: 'rabbitmq-server',
    keep: /^(erlang-|rabbitmq-server$|lib|zlib1g)/,
    together: /^(erlang-|rabbitmq-server$)/,
    base: /^erlang-base$/,
    spawner: context.spawner,
    signal: context.signal,
    logFolder: context.folder,
    progress: (line) => context.progress(line),
  });
  linkErl(folder);
  const version = await checkWhole(folder, context);
  await prune(folder);
  return version;
}

/** Runs the unpacked Erlang, with the library that a lean system is most likely to lack. */
async function checkWhole(folder: string, context: BrokerStartContext): Promise<string> {
  const programs = unpackedPrograms(folder);
  const core = programs ? corePlugins(programs.plugins) : [];
  if (!programs || core.length < 5) {
    throw new CommbenchError(
      'download-failed',
      'Expected RabbitMQ in the packages fetched, found only parts of it',
      {
        hint: INSTALL_IT,
      },
    );
  }
  const check = 'ok = crypto:start(), <<_:32/binary>> = crypto:hash(sha256, <<"x">>), halt(0).';
  const spec = {
    name: 'rabbitmq-fetch-check',
    file: path.join(folder, 'bin/erl'),
    args: ['-noshell', '-noinput', '-boot', 'start_clean', '-eval', check],
    env: { ...programs.env, HOME: context.folder, ERL_CRASH_DUMP_BYTES: '0' },
    cwd: context.folder,
    outputPath: path.join(context.folder, 'rabbitmq-fetch-check.log'),
    graceMs: 2000,
  };
  await runProgram(context.spawner, spec, {
    signal: context.signal,
    what: 'running the fetched Erlang',
    errorCode: 'download-failed',
    hint: INSTALL_IT,
  });
  return programs.version;
}

/** Removes what only costs time and space: plugins that nobody enables, manuals. */
async function prune(folder: string): Promise<void> {
  const { plugins } = unpackedPrograms(folder)!;
  const core = new Set(corePlugins(plugins));
  const surplus = (await readdir(plugins)).filter((name) => !core.has(name));
  for (const name of surplus) await rm(path.join(plugins, name), { recursive: true, force: true });
  await rm(path.join(folder, 'root/usr/share'), { recursive: true, force: true });
}
