import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { nowNs, type Nanoseconds } from '../../kernel/clock.ts';
import { findByEnvironment, identify, isProcessStopped, type ProcessIdentity, statOf } from './proc.ts';
import type { ProgramEnd, SignalSeen } from '../../kernel/program.ts';
import { endProcesses, sendSignal } from './ending.ts';
import type { ProgramOrder } from './reaper-protocol.ts';
import { MARK_VARIABLE } from './run-file.ts';

/** Bounds for processes that outlive the leader of their group. */
const REMNANTS = { graceMs: 300, boundMs: 2000 };

/** A child of the reaper, leading a process group (and session) of its own. */
export interface ChildGroup {
  readonly name: string;
  readonly identity: ProcessIdentity;
  /** Settles when the leader and the rest of its group have ended. */
  readonly ended: Promise<ProgramEnd>;
  /**
   * Signals the whole group, and waits for the effect on its leader; does nothing after its end, as the number may have
   * been reused.
   */
  signal(signal: NodeJS.Signals): Promise<SignalSeen | undefined>;
  /** SIGCONT, SIGTERM, after the grace SIGKILL. */
  stop(): Promise<ProgramEnd>;
  /** SIGKILL, as SIGTERM was not enough. */
  force(): void;
}

/**
 * Starts a program. It exists when this returns (the system call waits for the exec), or the returned process has no
 * pid and an `error` event follows.
 * @throws the system's error about the output file
 */
export function launch(order: ProgramOrder): ChildProcess {
  const output = openSync(order.outputPath, 'a', 0o600);
  try {
    return spawn(order.file, order.args, {
      cwd: order.cwd,
      env: order.env,
      detached: true,
      stdio: ['ignore', output, output],
    });
  } finally {
    closeSync(output);
  }
}

/** The error behind a launched process without a pid. */
export async function launchError(child: ChildProcess): Promise<Error> {
  const [error] = (await once(child, 'error')) as [Error];
  return error;
}

/** Takes ownership of a launched process, in the same turn. */
export function adopt(child: ChildProcess, pid: number, { name, graceMs, env }: ProgramOrder): ChildGroup {
  let over = false;
  let forced = false;
  const send = (signal: NodeJS.Signals): void => {
    if (!over) sendSignal(-pid, signal);
  };
  const force = (): void => {
    if (!over) forced = true;
    send('SIGKILL');
  };
  const { promise: ended, resolve } = Promise.withResolvers<ProgramEnd>();
  child.once('exit', (code, signal) => {
    over = true;
    const end = { code, signal, atNs: nowNs(), forced };
    void endRemnants(pid, env[MARK_VARIABLE] ?? '').then(() => resolve(end));
  });
  return {
    name,
    identity: identify(pid),
    ended,
    async signal(signal) {
      if (over) return undefined;
      const wasStopped = isProcessStopped(pid) === true;
      const sentNs = nowNs();
      send(signal);
      const seenNs = await followedNs(pid, signal);
      return seenNs === undefined || over ? undefined : { sentNs, seenNs, wasStopped };
    },
    force,
    async stop() {
      send('SIGCONT');
      send('SIGTERM');
      const late = new AbortController();
      void delay(graceMs, undefined, { signal: late.signal }).then(force, () => undefined);
      const end = await ended;
      late.abort();
      return end;
    },
  };
}

/** SIGSTOP takes effect at once, except for a process deep in the kernel. */
const MOST_POLLS = 1000;

/** Instant at which a process was observed to have followed; undefined: it did not within a second. */
async function followedNs(pid: number, signal: NodeJS.Signals): Promise<Nanoseconds | undefined> {
  if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') return nowNs();
  for (let polls = 0; polls < MOST_POLLS; polls++) {
    const stopped = isProcessStopped(pid);
    // Without /proc the sent signal counts.
    if (stopped === undefined || stopped === (signal === 'SIGSTOP')) return nowNs();
    await delay(1);
  }
  return undefined;
}

/**
 * Ends group members that outlived the leader. They must carry the mark: the number may have been reused by another
 * group.
 */
async function endRemnants(group: number, mark: string): Promise<void> {
  if (!sendSignal(-group, 0)) return;
  await endProcesses(
    () => findByEnvironment(MARK_VARIABLE, mark).filter(({ pid }) => statOf(pid)?.group === group),
    REMNANTS,
  );
}
