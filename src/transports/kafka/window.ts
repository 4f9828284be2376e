import { endsWithin } from '../../kernel/wait.ts';
import type { Failure, SendOptions, SendResult } from '../../kernel/transport.ts';
import { notSent, notSure } from './failures.ts';

/** A send that has begun. */
interface BegunMessage {
  /** The result, if it is waited for. */
  readonly result: Promise<SendResult>;
  /** Settles when the client library has let go of it. */
  readonly held: Promise<unknown>;
  /** The wait is over: frees the state of its answer. */
  over?(): void;
}

/** Open sends: bounded in number, each wait ended by its signal or with the connection. */
export interface InFlightWindow {
  run(begin: () => BegunMessage, options?: SendOptions): Promise<SendResult>;
  /** Settles every open wait as lost with its connection; a later reply finds nobody. */
  lose(reason: string): void;
  /**
   * Settles every open wait, and refuses further ones. Resolves when the client library has released everything, or
   * after the bound: a producer that closes first sends its buffer.
   */
  close(reason: string, boundMs: number): Promise<void>;
}

const FULL = notSent('refused', 'Too many messages are unconfirmed (maxUnconfirmed)');
const TOO_LATE = notSent('timeout', 'The wait was over before sending');
const TIMED_OUT = notSure('timeout', 'No answer in time');

/** @param most messages held at once by the client library or by a caller's wait */
export function createWindow(most: number): InFlightWindow {
  const waits = new Set<(failure: Failure) => void>();
  let closed: Failure | undefined;
  let held = 0;
  let emptied: (() => void) | undefined;

  const hold = async (begun: BegunMessage, waited: Promise<unknown>): Promise<void> => {
    held++;
    // Messages whose caller no longer waits count as well: the client library still holds them.
    await Promise.allSettled([begun.held, waited]);
    if (--held === 0) emptied?.();
  };
  const lose = (reason: string): void => {
    for (const resolve of waits) resolve(notSure('connection-lost', reason));
  };
  return {
    async run(begin, { signal } = {}) {
      if (closed) return closed;
      if (held >= most) return FULL;
      if (signal?.aborted) return TOO_LATE;
      const begun = begin();
      const { promise, resolve } = Promise.withResolvers<SendResult>();
      const timedOut = () => resolve(TIMED_OUT);
      signal?.addEventListener('abort', timedOut, { once: true });
      waits.add(resolve);
      void begun.result.then(resolve);
      void hold(begun, promise);
      const result = await promise;
      waits.delete(resolve);
      signal?.removeEventListener('abort', timedOut);
      begun.over?.();
      return result;
    },
    lose,
    async close(reason, boundMs) {
      closed = notSent('refused', reason);
      lose(reason);
      const { promise, resolve } = Promise.withResolvers<void>();
      emptied = resolve;
      if (held > 0) await endsWithin(boundMs, promise);
    },
  };
}
