import { NS_PER_MS, nowNs } from '../kernel/clock.ts';

/** Calls in order of dispatch; their deadlines never decrease. */
export interface Deadlines extends Disposable {
  /** Call `index` is open from now on, the calls before it were begun before. */
  begun(index: number): void;
}

/**
 * Ends waits at their deadlines. Deadlines come in the order of the calls, so one timer for the first open call serves
 * all. A call that ended in time costs only a step of `head`.
 */
export function createDeadlines(calls: {
  deadlineNs(index: number): number;
  isOpen(index: number): boolean;
  expire(index: number): void;
}): Deadlines {
  /** Calls before `head` are over or expired; calls before `end` were begun. */
  let head = 0;
  let end = 0;
  let timer: NodeJS.Timeout | undefined;

  const setTimer = (): void => {
    while (head < end && !calls.isOpen(head)) head++;
    if (head === end) return;
    const inMs = Math.ceil((calls.deadlineNs(head) - nowNs()) / NS_PER_MS);
    timer = setTimeout(expire, Math.max(1, inMs));
  };

  const expire = (): void => {
    timer = undefined;
    const now = nowNs();
    for (; head < end && calls.deadlineNs(head) <= now; head++) if (calls.isOpen(head)) calls.expire(head);
    setTimer();
  };

  return {
    begun(index) {
      end = index + 1;
      if (timer === undefined) setTimer();
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
    },
  };
}
