import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilAborted, endsWithin } from '../../kernel/wait.ts';
import { makeFolder } from '../../platform/make-folder.ts';
import { diskError } from '../../platform/packages/disk-errors.ts';
import {
  daemonSocket,
  type DaemonMessage,
  type DaemonLink,
  type PersistentBroker,
  linkToDaemon,
} from './persistent.ts';
import { entryFile } from '../../platform/process/entry.ts';
import { CommbenchError, type ErrorCode } from '../../kernel/errors.ts';
import type { DaemonSettings } from './daemon.ts';
import { lastOutputOf } from '../../platform/process/last-output.ts';

const LISTENS_MS = 20_000;
const ENDS_MS = 30_000;
/** From the connection to its first line. */
const ANSWERS_MS = 10_000;

/**
 * Starts a broker daemon, or finds one that another command just started, and waits until its broker is up. An abort,
 * or our death, ends a daemon of ours that is not ready yet.
 */
export async function startDaemon(
  settings: DaemonSettings,
  options: { readonly signal: AbortSignal; progress(line: string): void },
): Promise<PersistentBroker> {
  const socketPath = daemonSocket(settings.cacheFolder, settings.broker);
  const logPath = path.join(settings.cacheFolder, 'persistent', `${settings.broker}.log`);
  const child = spawnDaemon(settings, logPath);
  const outcome = Promise.withResolvers<PersistentBroker>();
  outcome.promise.catch(() => undefined);
  const answered = Promise.withResolvers<void>();
  const take = (line: DaemonMessage) => {
    answered.resolve();
    if (line.type === 'progress') options.progress(line.line);
    if (line.type === 'failed') outcome.reject(errorOf(line));
    if (line.type === 'broker' && line.state === 'up') outcome.resolve(line);
  };
  let link: DaemonLink | undefined;
  try {
    link = await whenListening(socketPath, child, take, options.signal);
    void link?.closed.then(() => outcome.reject(endedEarly(logPath)));
    if (!link) outcome.reject(endedEarly(logPath));
    if (!(await endsWithin(ANSWERS_MS, Promise.race([answered.promise, outcome.promise])))) {
      throw new CommbenchError('no-broker', `The broker daemon at ${socketPath} does not answer`, {
        hint: 'It may be stopped: continue it with kill -CONT, or end it with kill -9; its reaper then ends the broker.',
      });
    }
    return await untilAborted(outcome.promise, options.signal);
  } catch (error) {
    child.stdin?.destroy();
    await endsWithin(ENDS_MS, link?.closed);
    throw error;
  } finally {
    link?.[Symbol.dispose]();
    child.stdin?.destroy();
    child.unref();
  }
}

function spawnDaemon(settings: DaemonSettings, logPath: string): ChildProcess {
  try {
    makeFolder(path.dirname(logPath), 0o700);
    const log = openSync(logPath, 'w', 0o600);
    try {
      return spawn(process.execPath, [entryFile(import.meta.url, './daemon'), JSON.stringify(settings)], {
        cwd: '/',
        detached: true,
        stdio: ['pipe', log, log],
      });
    } finally {
      closeSync(log);
    }
  } catch (error) {
    throw diskError(error, path.dirname(logPath));
  }
}

/** Undefined where the child ended without a listening daemon: the reason is in its log. */
async function whenListening(
  socketPath: string,
  child: ChildProcess,
  onLine: (line: DaemonMessage) => void,
  signal: AbortSignal,
): Promise<DaemonLink | undefined> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(LISTENS_MS)]);
  const ended = once(child, 'exit', { signal: bounded }).then(() => true);
  ended.catch(() => undefined);
  for (;;) {
    const isOver = await Promise.race([ended, sleep(20, false, { signal: bounded })]);
    // Checked after its end is known: another broker daemon may be the reason for that end.
    const link = await linkToDaemon(socketPath, onLine);
    if (link ?? isOver) return link;
  }
}

function errorOf(line: Extract<DaemonMessage, { type: 'failed' }>): CommbenchError {
  const options = line.hint === undefined ? {} : { hint: line.hint };
  return new CommbenchError(line.code as ErrorCode, line.message, options);
}

function endedEarly(logPath: string): CommbenchError {
  const words = lastOutputOf(logPath) || 'no output';
  return new CommbenchError('no-broker', `The broker daemon ended before its broker was up: ${words}`, {
    hint: `Its log is ${logPath}; \`commbench doctor\` shows what is missing.`,
  });
}
