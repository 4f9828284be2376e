import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Case, STOPPED } from './cases.ts';

/** A hog ends by itself, whatever happens to who started it. */
const HOG_MS = 60_000;
const LOWEST_PRIORITY = 19;
/** Of the generator's session: some 9 % of each core, just above what it needs, so that all is sent, and late. */
const LOW_SHARE = 11;

/** Begins it; disposing ends it, and everything is as it was. @param pid the generator's */
export function interfere(how: Case['interference'], pid: number): AsyncDisposable {
  switch (how) {
    case 'none':
      return { [Symbol.asyncDispose]: () => Promise.resolve() };
    case 'stop':
      return stopNowAndThen(pid);
    case 'hog':
      return hogs(1);
    case 'nice':
      yieldToAll(pid);
      return hogs(2);
  }
}

/** A priority counts within a session alone where the kernel groups by sessions: then the group's own counts too (sched(7)). */
function yieldToAll(pid: number): void {
  for (const thread of readdirSync(`/proc/${pid}/task`)) os.setPriority(Number(thread), LOWEST_PRIORITY);
  const group = `/proc/${pid}/autogroup`;
  if (existsSync(group)) writeFileSync(group, String(LOW_SHARE));
}

function stopNowAndThen(pid: number): AsyncDisposable {
  const over = new AbortController();
  const { everyMs, forMs } = STOPPED;
  const cycle = async () => {
    for (;;) {
      process.kill(pid, 'SIGSTOP');
      await sleep(forMs, undefined, { signal: over.signal });
      process.kill(pid, 'SIGCONT');
      await sleep(everyMs - forMs, undefined, { signal: over.signal });
    }
  };
  // Ended by the signal, or by the generator's own end.
  const ended = cycle().catch(() => undefined);
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      await ended;
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // It is gone.
      }
    },
  };
}

function hogs(perCore: number): AsyncDisposable {
  const code = `for (const end = Date.now() + ${HOG_MS}; Date.now() < end; );`;
  const all = Array.from({ length: perCore * os.availableParallelism() }, () =>
    spawn(process.execPath, ['-e', code], { stdio: 'ignore' }),
  );
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map(end));
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
