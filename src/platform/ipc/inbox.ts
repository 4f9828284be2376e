import { untilAborted } from '../../kernel/wait.ts';
import type { Typed } from './ndjson.ts';

/** A peer sends a handful of messages in a trial; one with this many unread is broken. */
const MAX_WAITING_LINES = 1024;

/** Received messages, stored until their type is awaited: a late wait misses nothing. */
export interface Inbox {
  /** False when the inbox is full. */
  push(line: Typed): boolean;
  /** The first line of this type that was not taken yet. */
  next(type: string, signal?: AbortSignal): Promise<Typed>;
  /** Every current and later wait for a missing message rejects with this error. The first cause stays. */
  close(cause: Error): void;
}

interface Waiter {
  readonly type: string;
  resolve(line: Typed): void;
  reject(cause: unknown): void;
}

export function openInbox(): Inbox {
  const lines: Typed[] = [];
  const waiters: Waiter[] = [];
  let closed: Error | undefined;

  return {
    push(line) {
      const waiting = waiters.findIndex((waiter) => waiter.type === line.type);
      if (waiting >= 0) waiters.splice(waiting, 1)[0]!.resolve(line);
      else if (lines.length >= MAX_WAITING_LINES) return false;
      else lines.push(line);
      return true;
    },
    async next(type, signal) {
      const here = lines.findIndex((line) => line.type === type);
      if (here >= 0) return lines.splice(here, 1)[0]!;
      if (closed) throw closed;
      return wait(waiters, type, signal);
    },
    close(cause) {
      closed ??= cause;
      for (const waiter of waiters.splice(0)) waiter.reject(closed);
    },
  };
}

async function wait(waiters: Waiter[], type: string, signal: AbortSignal | undefined): Promise<Typed> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Typed>();
  const waiter: Waiter = { type, resolve, reject };
  waiters.push(waiter);
  try {
    return await untilAborted(promise, signal);
  } finally {
    const place = waiters.indexOf(waiter);
    if (place >= 0) waiters.splice(place, 1);
  }
}
