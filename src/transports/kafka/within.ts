import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for an ending, however it ends, but no longer than the bound. */
export async function within(boundMs: number, ending: Promise<unknown>): Promise<void> {
  const bound = new AbortController();
  const inTime = sleep(boundMs, undefined, { signal: bound.signal }).catch(() => undefined);
  await Promise.race([ending.catch(() => undefined), inTime]);
  bound.abort();
}
