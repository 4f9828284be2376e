import { setTimeout as delay } from 'node:timers/promises';
import { NS_PER_MS, nowNs } from '../../kernel/clock.ts';
import { findByEnvironment, hasProc, isAlive, pidScope, type ProcessIdentity } from './proc.ts';
import { endProcesses, sendSignal } from './ending.ts';
import { listRunFiles, MARK_VARIABLE, readRunFile, removeTraces, type RunRecord } from './run-file.ts';

/** A reaper without its CLI ends by itself within this time; otherwise it is stuck or stopped. */
const REAPER_MS = 12_000;
const POLL_MS = 20;
const BOUNDS = { graceMs: 2000, boundMs: 6000 };

/** Remnants of an earlier run that is over. */
export interface Leftover {
  readonly mark: string;
  readonly folder: string;
  /** The processes that had to be ended, e.g. `rabbitmq (pid 4711)`. */
  readonly ended: readonly string[];
}

/**
 * Ends and removes what is left of runs whose CLI and reaper were both killed. Only what is surely
 * ours is touched: recorded by this user, of this boot and pid namespace, with the recorded start
 * time or the mark of that run. Runs whose CLI lives are left alone.
 */
export async function cleanLeftovers(): Promise<readonly Leftover[]> {
  const cleaned = await Promise.all(listRunFiles().map(cleanRun));
  return cleaned.filter((it) => it !== undefined);
}

async function cleanRun(file: string): Promise<Leftover | undefined> {
  let run = readRunFile(file);
  switch (run && placeOf(run)) {
    case undefined:
    case 'elsewhere':
      return undefined;
    case 'earlier boot':
      removeTraces(file, run!);
      return { ...run!, ended: [] };
    case 'here':
      break;
  }
  if (isRunning(run!)) return undefined;
  await waitForReaper(file);
  // Read again: an orderly end has removed it, a late start has added to it.
  run = readRunFile(file);
  return run && endRun(file, run);
}

/** Pids mean nothing in another boot, and something else in another container. */
function placeOf({ scope }: RunRecord): 'here' | 'elsewhere' | 'earlier boot' {
  const here = pidScope();
  if (scope.boot !== here.boot) return 'earlier boot';
  return scope.namespace === here.namespace ? 'here' : 'elsewhere';
}

/** Without /proc a reused pid is not recognised: then any running process with it counts. */
function isRunning(run: RunRecord): boolean {
  return run.processes.some((it) => (it.role === 'cli' || !hasProc()) && isAlive(it));
}

/** Until it is gone, or has had its time. */
async function waitForReaper(file: string): Promise<void> {
  const untilNs = nowNs() + REAPER_MS * NS_PER_MS;
  while (nowNs() < untilNs) {
    const reaper = readRunFile(file)?.processes.find((it) => it.role === 'reaper' && isAlive(it));
    if (!reaper) return;
    // It may have been stopped: then it has not yet noticed the end of its CLI.
    sendSignal(reaper.pid, 'SIGCONT');
    await delay(POLL_MS);
  }
}

async function endRun(file: string, run: RunRecord): Promise<Leftover | undefined> {
  const find = (): ProcessIdentity[] => [
    ...run.processes.filter(isAlive),
    ...findByEnvironment(MARK_VARIABLE, run.mark),
  ];
  const names = new Map(run.processes.map(({ pid, name }) => [pid, name]));
  const found = new Set(find().map(({ pid }) => `${names.get(pid) ?? 'unnamed'} (pid ${pid})`));
  const left = await endProcesses(find, BOUNDS);
  // Processes that even SIGKILL did not end stay known to the next command.
  if (left.length > 0) return undefined;
  removeTraces(file, run);
  return { mark: run.mark, folder: run.folder, ended: [...found] };
}
