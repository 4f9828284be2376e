import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import type { Scheduler } from './policy.ts';

/**
 * The loop's timers on the host's monotonic clock, the one of all deadlines between processes. A timer of the loop may
 * fire up to a millisecond early by that clock: it is then set again for the rest.
 */
export const realScheduler: Scheduler = {
  nowMs: () => nowNs() / NS_PER_MS,
  after(ms, callback) {
    const endNs = nowNs() + ms * NS_PER_MS;
    const poll = (): void => {
      const leftNs = endNs - nowNs();
      if (leftNs <= 0) callback();
      else timer = setTimeout(poll, leftNs / NS_PER_MS);
    };
    let timer = setTimeout(poll, ms);
    return () => clearTimeout(timer);
  },
};
