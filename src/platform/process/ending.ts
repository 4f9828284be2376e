import { setTimeout as delay } from 'node:timers/promises';
import { NS_PER_MS, nowNs } from '../../kernel/clock.ts';
import { hasProc, isAlive, type ProcessIdentity, statOf } from './proc.ts';

const POLL_MS = 20;

export interface EndingBounds {
  /** Time from SIGTERM to SIGKILL. */
  readonly graceMs: number;
  /** Bound on the whole wait; processes that still live then are returned. */
  readonly boundMs: number;
}

/**
 * Ends processes that are not our children, so no exit is reported. They are polled until absent twice in a row, as
 * one may have forked right behind the first poll. Signals go only to a process with the known start time: its pid may
 * have been reused.
 */
export async function endProcesses(
  find: () => readonly ProcessIdentity[],
  { graceMs, boundMs }: EndingBounds,
): Promise<readonly ProcessIdentity[]> {
  const beganNs = nowNs();
  const asked = new Set<number>();
  for (let emptyPolls = 0; emptyPolls < 2;) {
    const found = find().filter((it) => it.pid !== process.pid && isAlive(it));
    const elapsedMs = (nowNs() - beganNs) / NS_PER_MS;
    if (elapsedMs >= boundMs) return found;
    for (const it of found) {
      if (elapsedMs >= graceMs) signalProcess(it, 'SIGKILL');
      else if (!asked.has(it.pid)) askToEnd(it);
      asked.add(it.pid);
    }
    emptyPolls = found.length === 0 ? emptyPolls + 1 : 0;
    if (found.length > 0) await delay(POLL_MS);
  }
  return [];
}

/** Sends SIGCONT as well, as a stopped process receives a SIGTERM only when it is continued. */
function askToEnd(it: ProcessIdentity): void {
  signalProcess(it, 'SIGCONT');
  signalProcess(it, 'SIGTERM');
}

/** Signals the whole group of a group leader. */
function signalProcess(it: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(it)) return;
  const leads = hasProc() ? statOf(it.pid)?.group === it.pid : true;
  sendSignal(leads ? -it.pid : it.pid, signal);
}

/** False when there was no process, or none of ours, to receive it. Negative: a group. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
