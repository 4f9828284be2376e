import { onAbort } from '../../kernel/wait.ts';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemCode } from '../../kernel/errors.ts';

export interface LockOptions {
  readonly signal: AbortSignal;
  /** Called once, when another process holds the lock. */
  onWait?(): void;
}

/**
 * A lock between processes that survives no kill: a listening socket under a name in Linux's abstract namespace, which
 * the kernel frees when its holder ends. There is no pid to compare and no stale file to steal, which would always
 * race. A waiting process is connected to the holder and wakes when that connection breaks.
 * @param name the locked thing, usually a path; equal texts are one lock
 */
export async function holdLock(name: string, options: LockOptions): Promise<AsyncDisposable> {
  options.signal.throwIfAborted();
  for (let isNotified = false; ; isNotified = true) {
    const lock = await tryLock(name);
    if (lock) return lock;
    if (!isNotified) options.onWait?.();
    options.signal.throwIfAborted();
    await holderGone(socketName(name), options.signal);
  }
}

/** The lock, or undefined where another process holds it. */
export async function tryLock(name: string): Promise<AsyncDisposable | undefined> {
  const visitors = new Set<net.Socket>();
  const server = net.createServer((visitor) => {
    visitors.add(visitor);
    visitor.on('error', () => undefined).on('close', () => visitors.delete(visitor));
  });
  if (!(await listens(server, socketName(name)))) return undefined;
  server.unref();
  return {
    async [Symbol.asyncDispose]() {
      // Closed first: who is woken must find the name free.
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const visitor of visitors) visitor.destroy();
      await closed;
    },
  };
}

function socketName(name: string): string {
  const short = createHash('sha256')
    .update(`${process.getuid?.() ?? 0}:${name}`)
    .digest('hex')
    .slice(0, 32);
  return process.platform === 'linux'
    ? `\0commbench-${short}`
    : path.join(tmpdir(), `commbench-${short}.sock`);
}

function listens(server: net.Server, socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => (systemCode(error) === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(socketPath, () => resolve(true));
  });
}

function holderGone(socketPath: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketPath);
    const aborted = () => {
      socket.destroy();
      reject(signal.reason);
    };
    const listener = onAbort(signal, aborted);
    socket.on('error', (error) => {
      // Only where sockets are files can a dead holder leave its name behind.
      if (systemCode(error) === 'ECONNREFUSED' && !socketPath.startsWith('\0'))
        rmSync(socketPath, { force: true });
    });
    socket.on('close', () => {
      listener[Symbol.dispose]();
      resolve();
    });
  });
}
