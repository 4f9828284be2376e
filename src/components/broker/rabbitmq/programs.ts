import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isPlainPath } from '../../../platform/plain-path.ts';
import { hasOwnLibrary } from '../../../platform/packages/own-library.ts';
import { findProgram } from '../../../platform/process/find-program.ts';

/** RabbitMQ's own programs, installed or unpacked. */
export interface RabbitPrograms {
  readonly version: string;
  /** The start script itself, which becomes Erlang; never the wrapper that packages put on the PATH. */
  readonly server: string;
  readonly epmd: string;
  readonly plugins: string;
  /** Variables by which they find Erlang: PATH and, where unpacked, Erlang's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Where they were unpacked; absent: installed. */
  readonly unpackedIn?: string;
}

const DEBIAN_HOME = '/usr/lib/rabbitmq/lib';
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Programs that the system has installed, by a package or by an archive whose `sbin` is on the PATH. */
export function installedPrograms(): RabbitPrograms | undefined {
  const home = serverHome(DEBIAN_HOME) ?? homeOnPath();
  const erl = findProgram('erl');
  if (!home || !erl) return undefined;
  const erlang = path.resolve(realpathSync(erl), '../..');
  const epmd = findProgram('epmd') ?? inErts(erlang, 'epmd');
  if (!epmd) return undefined;
  return { ...home, epmd, env: { PATH: `${path.dirname(erl)}:${SYSTEM_PATH}` } };
}

/** Programs in a folder where packages were unpacked (`root` of `src/platform/packages`). */
export function unpackedPrograms(folder: string): RabbitPrograms | undefined {
  const root = path.join(folder, 'root');
  const erlang = path.join(root, 'usr/lib/erlang');
  const home = serverHome(path.join(root, DEBIAN_HOME));
  const epmd = inErts(erlang, 'epmd');
  if (!home || !epmd) return undefined;
  return { ...home, epmd, env: erlangEnvironment(folder, path.dirname(epmd)), unpackedIn: folder };
}

/**
 * The programs by paths that mean nothing to a shell: the start scripts take others apart at their spaces.
 * @param folder with such a path, for a link to where they were unpacked
 */
export function byPlainPaths(programs: RabbitPrograms, folder: string): RabbitPrograms {
  const { unpackedIn } = programs;
  if (unpackedIn === undefined || isPlainPath(unpackedIn)) return programs;
  const link = path.join(folder, 'programs');
  symlinkSync(unpackedIn, link);
  return unpackedPrograms(link) ?? programs;
}

/**
 * Replaces Debian's `erl`, which contains its root path three times. That script only sets these variables and becomes
 * `erlexec`. With the variables, a script of that name works anywhere.
 */
function erlangEnvironment(folder: string, binaries: string): Record<string, string> {
  const root = path.join(folder, 'root');
  return {
    ROOTDIR: path.join(root, 'usr/lib/erlang'),
    BINDIR: binaries,
    EMU: 'beam',
    PROGNAME: 'erl',
    PATH: `${path.join(folder, 'bin')}:${SYSTEM_PATH}`,
    ...(hasOwnLibrary(folder) ? {} : { LD_LIBRARY_PATH: libraryFolders(root).join(':') }),
  };
}

/** Makes the `erl` of an unpacked folder. */
export function writeErl(folder: string): void {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'erl'), '#!/bin/sh\nexec "$BINDIR/erlexec" "$@"\n', { mode: 0o755 });
}

/** Library folders such as `usr/lib/x86_64-linux-gnu`, for any architecture. */
function libraryFolders(root: string): string[] {
  return ['lib', 'usr/lib'].flatMap((sub) =>
    foldersIn(path.join(root, sub))
      .filter((name) => name.includes('-linux-gnu'))
      .map((name) => path.join(root, sub, name)),
  );
}

function homeOnPath(): Pick<RabbitPrograms, 'version' | 'server' | 'plugins'> | undefined {
  const found = findProgram('rabbitmq-server');
  return found === undefined ? undefined : homeOf(path.resolve(realpathSync(found), '../..'));
}

function serverHome(folder: string): Pick<RabbitPrograms, 'version' | 'server' | 'plugins'> | undefined {
  const newest = foldersIn(folder)
    .filter((name) => name.startsWith('rabbitmq_server-'))
    .toSorted()
    .at(-1);
  return newest === undefined ? undefined : homeOf(path.join(folder, newest));
}

/** A distribution's own folder: only there `sbin/rabbitmq-env` is beside the real start script. */
function homeOf(home: string): Pick<RabbitPrograms, 'version' | 'server' | 'plugins'> | undefined {
  const server = path.join(home, 'sbin/rabbitmq-server');
  const plugins = path.join(home, 'plugins');
  const version = foldersIn(plugins)
    .find((name) => /^rabbit-\d/.test(name))
    ?.slice('rabbit-'.length);
  if (version === undefined || !existsSync(server) || !existsSync(path.join(home, 'sbin/rabbitmq-env'))) {
    return undefined;
  }
  return { version, server, plugins };
}

function inErts(erlang: string, program: string): string | undefined {
  const folders = foldersIn(erlang).filter((name) => name.startsWith('erts-'));
  return folders.map((name) => path.join(erlang, name, 'bin', program)).find(existsSync);
}

/**
 * Folders of the broker itself: `rabbit` and all applications that it depends on. The others are plugins that are never
 * enabled; reading their code doubles the time to start.
 */
export function corePlugins(plugins: string): string[] {
  const applications = new Map(foldersIn(plugins).map((folder) => [folder.replace(/-[^-]*$/, ''), folder]));
  const wanted = new Set(['rabbit']);
  for (const name of wanted) {
    const folder = applications.get(name);
    if (folder === undefined) continue;
    for (const needed of neededBy(path.join(plugins, folder, 'ebin', `${name}.app`))) wanted.add(needed);
  }
  return [...wanted].flatMap((name) => applications.get(name) ?? []);
}

/** The `{applications, [...]}` of an Erlang application file. */
function neededBy(appFile: string): string[] {
  const list = /\{\s*applications\s*,\s*\[([^\]]*)\]/.exec(readFileSync(appFile, 'utf8'))?.[1] ?? '';
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
