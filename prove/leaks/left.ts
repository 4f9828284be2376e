import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../src/platform/process/proc.ts';
import { readRunFile, type RecordedProcess } from '../../src/platform/process/run-file.ts';
import { findProcesses } from '../processes.ts';
import type { Ground } from './ground.ts';
import { nameOf, signal } from './victims.ts';

const POLL_MS = 50;
/** The longest of the ends in order: the reaper's bounds, the broker's last output. */
const GONE_MS = 20_000;

/** Whom the run says that it has started: found even where its environment tells nothing. */
export function recorded(ground: Ground): RecordedProcess[] {
  return list(ground.state).flatMap((name) => readRunFile(path.join(ground.state, name))?.processes ?? []);
}

/** Until nobody is left, or for so long that somebody surely stayed. */
export async function untilNobody(
  ground: Ground,
  known: readonly RecordedProcess[],
): Promise<{ left: string[]; afterMs: number }> {
  const began = performance.now();
  let left = living(ground, known);
  while (left.length > 0 && performance.now() - began < GONE_MS) {
    await sleep(POLL_MS);
    left = living(ground, known);
  }
  return { left, afterMs: Math.round(performance.now() - began) };
}

/** By the environment or command line of any process, and by the run's own record. */
export function living(ground: Ground, known: readonly RecordedProcess[]): string[] {
  const found = findProcesses(ground.home);
  const strays = known.filter((it) => isAlive(it) && !found.some(({ pid }) => pid === it.pid));
  return [...found.map(nameOf), ...strays.map(({ name }) => name)];
}

/** Everything in the temporary folder, every run file, every draft of a result. */
export function traces(ground: Ground): string[] {
  const folders = list(ground.tmp).filter((name) => path.join(ground.tmp, name) !== ground.state);
  const drafts = list(ground.work).filter((name) => name.startsWith('.'));
  return [...folders, ...list(ground.state), ...drafts];
}

/** What a failed case left must not fail the next one. */
export function sweep(ground: Ground): void {
  for (const { pid } of findProcesses(ground.home)) signal(pid, 'SIGKILL');
  for (const folder of [ground.tmp, ground.work]) {
    for (const name of list(folder)) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
