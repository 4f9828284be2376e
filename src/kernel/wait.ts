import type { EndSignal } from './transport.ts';

/** Calls the listener once at the abort, at once where that has been; disposing leaves no listener behind. */
export function onAbort(signal: EndSignal | undefined, listener: () => void): Disposable {
  if (signal?.aborted) listener();
  else signal?.addEventListener('abort', listener, { once: true });
  return { [Symbol.dispose]: () => signal?.removeEventListener('abort', listener) };
}

/** Ends our wait at an abort; a later result is passed to `late`. */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  late?: (value: T) => void,
): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  using _listener = onAbort(signal, () => {
    work.then(late, () => undefined);
    reject(signal!.reason);
  });
  return await Promise.race([work, aborted]);
}

/** Waits for any kind of end, at most for the bound. @returns whether it came in time */
export async function endsWithin(boundMs: number, end: PromiseLike<unknown> | undefined): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, boundMs, false);
  const isEnded = () => true;
  try {
    return await Promise.race([Promise.resolve(end).then(isEnded, isEnded), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Time to read what came: a process that was stopped finds its timers over before it looks at its sockets. */
const READ_MS = 100;

/** Aborted with the signal, or when the time is over and all that came in it was read. Disposing leaves no timer. */
export function boundedBy(
  signal: AbortSignal,
  boundMs: number,
): { readonly signal: AbortSignal } & Disposable {
  const late = new AbortController();
  const over = () => late.abort(new DOMException('It took too long', 'TimeoutError'));
  let timer = setTimeout(() => (timer = setTimeout(over, READ_MS)), Math.ceil(boundMs));
  return {
    signal: AbortSignal.any([signal, late.signal]),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

type Settled<T extends readonly unknown[]> = { -readonly [I in keyof T]: Awaited<T[I]> };

/**
 * Results of all promises. Unlike `Promise.all` it waits for every one before it throws the first reason: everything
 * started meanwhile then has its owner, who will end it.
 */
export async function allOf<T extends readonly unknown[]>(promises: T): Promise<Settled<T>> {
  const ends = await Promise.allSettled(promises);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  }) as Settled<T>;
}
