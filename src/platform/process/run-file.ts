import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CommbenchError, isNoSpace, systemCode } from '../../kernel/errors.ts';
import { identify, pidScope, type PidScope, type ProcessIdentity } from './proc.ts';

/** Every child of a run carries the run's mark in this environment variable, wherever it may wander. */
export const MARK_VARIABLE = 'COMMBENCH_RUN';

const SUFFIX = '.run';

/**
 * Record of a run for the time after its owners were killed: one file a run, in a folder of this user alone. Lines are
 * only appended, by the CLI (itself, the reaper), then by the reaper (its children). A kill at any moment leaves at
 * worst a torn last line.
 */
export interface RunRecord {
  readonly mark: string;
  /** Temporary folder of the run. */
  readonly folder: string;
  readonly scope: PidScope;
  readonly processes: readonly RecordedProcess[];
}

export interface RecordedProcess extends ProcessIdentity {
  readonly role: 'cli' | 'reaper' | 'child';
  readonly name: string;
}

interface Header extends PidScope {
  readonly version: 1;
  readonly mark: string;
  readonly folder: string;
}

/** The folder of all run files: made if missing, refused if anyone else could write there. */
export function stateFolder(): string {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  return runtime !== undefined && isOwn(runtime)
    ? ownFolder(path.join(runtime, 'commbench'))
    : ownFolderIn(os.tmpdir());
}

/** A folder of this user alone in one that is everybody's. */
export function ownFolderIn(shared: string): string {
  return ownFolder(path.join(shared, `commbench-${os.userInfo().uid}`));
}

function ownFolder(folder: string): string {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    if (systemCode(cause) !== 'EEXIST') throw cannotWrite(folder, cause);
  }
  if (!isOwn(folder)) {
    throw new CommbenchError(
      'cannot-write',
      `Expected ${folder} to be a folder of this user alone (mode 0700)`,
      {
        hint: 'Remove it, or set XDG_RUNTIME_DIR to a folder of your own.',
      },
    );
  }
  return folder;
}

/** Another user with write access could make us end processes and remove folders. */
function isOwn(folder: string): boolean {
  try {
    const stat = lstatSync(folder);
    return stat.isDirectory() && stat.uid === os.userInfo().uid && (stat.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

export function runFilePath(mark: string): string {
  return path.join(stateFolder(), mark + SUFFIX);
}

/** Makes the run file, whole at once, before anything it names exists. */
export function beginRunFile({ mark, folder }: { mark: string; folder: string }): void {
  const file = runFilePath(mark);
  const header: Header = { version: 1, mark, folder, ...pidScope() };
  const cli: RecordedProcess = { role: 'cli', name: 'commbench', ...identify(process.pid) };
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(header)}\n${JSON.stringify(cli)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

/** @throws the system's error, e.g. on a full disk */
export function addToRunFile(file: string, recorded: RecordedProcess): void {
  appendFileSync(file, `${JSON.stringify(recorded)}\n`, { mode: 0o600 });
}

export function listRunFiles(): string[] {
  const folder = stateFolder();
  return readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => path.join(folder, name));
}

/** Undefined where it is gone, or is no run file of ours. */
export function readRunFile(file: string): RunRecord | undefined {
  const [first, ...rest] = linesOf(file);
  const header = parse(first) as Header | undefined;
  if (header?.version !== 1 || header.mark + SUFFIX !== path.basename(file)) return undefined;
  const processes = rest.map((line) => parse(line) as RecordedProcess | undefined);
  return {
    mark: header.mark,
    folder: header.folder,
    scope: { boot: header.boot, namespace: header.namespace },
    processes: processes
      .filter((it) => it !== undefined)
      .filter(({ pid }) => Number.isInteger(pid) && pid > 1),
  };
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function parse(line: string | undefined): object | undefined {
  try {
    const value: unknown = JSON.parse(line ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Removes a run's traces: its folder, then its file, so that a kill in between leaves the file, which names the folder.
 * Names are checked: nothing else is ever removed.
 */
export function removeTraces(file: string, { mark, folder }: { mark: string; folder: string }): void {
  if (path.basename(folder) === runFolderName(mark)) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
  rmSync(file, { force: true });
}

export function runFolderName(mark: string): string {
  return `commbench-${mark}`;
}

export function cannotWrite(what: string, cause: unknown): CommbenchError {
  const code = systemCode(cause);
  if (isNoSpace(code)) {
    return new CommbenchError('disk-full', `No space left for ${what} (${code})`, {
      hint: 'Free some space, raise `ulimit -f`, or set TMPDIR to a folder on another disk.',
      cause,
    });
  }
  return new CommbenchError('cannot-write', `${what} cannot be written: ${code ?? String(cause)}`, {
    hint: 'Set TMPDIR to a folder that you may write to.',
    cause,
  });
}
