import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { identify, isAlive, type ProcessIdentity } from '../../src/platform/process/proc.ts';

/** A hang guard, not a measure: on a busy machine everything takes its time. */
const PATIENCE_MS = 40_000;

/** Waits until it is so. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for: ${what}`);
    await delay(10);
  }
}

export async function untilGone(...processes: readonly ProcessIdentity[]): Promise<void> {
  for (const it of processes) await until(`the end of ${it.pid}`, () => !isAlive(it));
}

export function fixture(name: string): string {
  return fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
}

/** The first line of a program's output file, once it is there. */
export async function firstLine(file: string): Promise<string> {
  await until(`a line in ${file}`, () => existsSync(file) && readFileSync(file, 'utf8').includes('\n'));
  return readFileSync(file, 'utf8').split('\n')[0]!;
}

/** State and temporary folders for this test alone: its runs and nobody else's are looked at. */
export function ownFolders(): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'cb-'));
  const names = ['XDG_RUNTIME_DIR', 'TMPDIR'];
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = folder;
  return {
    folder,
    [Symbol.dispose]() {
      for (const [i, name] of names.entries()) {
        if (before[i] === undefined) delete process.env[name];
        else process.env[name] = before[i];
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface StandIn {
  readonly mark: string;
  readonly folder: string;
  readonly cli: ProcessIdentity;
  readonly reaper: ProcessIdentity;
  readonly children: Readonly<Record<string, ProcessIdentity>>;
}

/** A CLI in a process of its own, with a reaper and these programs. */
export async function startStandIn(
  programs: readonly { name: string; file: string; args: readonly string[] }[],
): Promise<StandIn> {
  const cli = spawn(process.execPath, [fixture('cli-stand-in.ts'), JSON.stringify(programs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(cli.stdout), 'line')) as [string];
  const said = JSON.parse(line) as {
    mark: string;
    folder: string;
    reaperPid: number;
    pids: Record<string, number>;
  };
  return {
    mark: said.mark,
    folder: said.folder,
    cli: identify(cli.pid!),
    reaper: identify(said.reaperPid),
    children: Object.fromEntries(Object.entries(said.pids).map(([name, pid]) => [name, identify(pid)])),
  };
}
