import { type Clock, monotonicClock, NS_PER_MS } from '../../kernel/clock.ts';
import type { Envelope } from '../../kernel/envelope.ts';
import { createAlarm } from './alarm.ts';

/** Waits for the processing time: settles when it is over, never before; undefined: no wait for this message. */
export type Processing = (envelope: Envelope) => Promise<void> | undefined;

/**
 * All messages of a service take equally long, so they end in the order of their start.
 * @returns undefined without processing time: nothing to wait for
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
