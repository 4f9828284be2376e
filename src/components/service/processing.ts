import { type Clock, monotonicClock, NS_PER_MS } from '../../kernel/clock.ts';
import type { Envelope } from '../../kernel/envelope.ts';
import { createAlarm } from './alarm.ts';

/** Occupies a message's slot for the hold time: settles when it is over, never before; undefined: this one is not held. */
export type Processing = (envelope: Envelope) => Promise<void> | undefined;

/**
 * All holds of a service are equally long, so they end in the order in which they began.
 * @returns undefined for no hold: nothing to wait for
 */
export function createProcessing(
  processingMs: number,
  clock: Clock = monotonicClock,
): (() => Promise<void>) | undefined {
  if (processingMs === 0) return undefined;
  const processingNs = Math.round(processingMs * NS_PER_MS);
  const alarm = createAlarm(clock);
  return () => alarm(clock.nowNs() + processingNs);
}
