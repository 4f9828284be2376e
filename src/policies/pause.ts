import { onAbort } from '../kernel/wait.ts';
import type { EndSignal } from '../kernel/transport.ts';
import type { Scheduler } from './policy.ts';

/** Resolves after `ms`, or at once when the signal is aborted; leaves neither timer nor listener behind. */
export function pause(scheduler: Scheduler, ms: number, signal: EndSignal | undefined): Promise<void> {
  if (ms <= 0 || signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      takeBack();
      listener[Symbol.dispose]();
      resolve();
    };
    const takeBack = scheduler.after(ms, end);
    const listener = onAbort(signal, end);
  });
}
