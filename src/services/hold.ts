import { type Clock, monotonicClock, NS_PER_MS } from '../kernel/clock.ts';

/**
 * How long before its end a hold stops trusting timers. At 200 holds of 20 ms per second, 0.25 ms
 * gives 20.01 / 20.17 ms (p50, p90) for 0.4 ms of CPU each; 1 ms gains 0.1 ms at p90 and costs 1.1 ms.
 */
const SPIN_NS = 0.25 * NS_PER_MS;

/** Occupies a slot for the hold time: settles when it is over, never before. */
export type Hold = () => Promise<void>;

/**
 * Timers alone come up to half a millisecond early or late (19.50 / 20.14 / 20.66 ms for 20 at p10,
 * p50, p90), so a hold measures itself: a timer to `SPIN_NS` before its end, then one look per turn
 * of the event loop. All holds of a service are equally long, so they end in the order in which they
 * began, and one timer serves them all.
 * @returns undefined for no hold: nothing to wait for
 */
export function createHold(holdMs: number, clock: Clock = monotonicClock): Hold | undefined {
  if (holdMs === 0) return undefined;
  const holdNs = Math.round(holdMs * NS_PER_MS);
  const waiting: { dueNs: number; release: () => void }[] = [];

  const look = () => {
    const nowNs = clock.nowNs();
    while (waiting.length > 0 && waiting[0]!.dueNs <= nowNs) waiting.shift()!.release();
    if (waiting.length > 0) lookAgain(waiting[0]!.dueNs - nowNs);
  };
  const lookAgain = (leftNs: number) => {
    const timerMs = Math.floor((leftNs - SPIN_NS) / NS_PER_MS);
    if (timerMs >= 1) setTimeout(look, timerMs);
    else setImmediate(look);
  };

  return () =>
    new Promise((release) => {
      waiting.push({ dueNs: clock.nowNs() + holdNs, release });
      if (waiting.length === 1) lookAgain(holdNs);
    });
}
