import { setTimeout as sleep } from 'node:timers/promises';
import { NS_PER_MS, nowNs } from '../../kernel/clock.ts';
import type { Appointment } from '../../kernel/program.ts';

/** Sleeps until an instant of the monotonic clock, to a millisecond; rejects where it is called off. */
export async function untilInstant({ atNs, cancel }: Appointment): Promise<void> {
  // Rounded up: a timer may be early by a part of a millisecond.
  const waitMs = Math.ceil((atNs - nowNs()) / NS_PER_MS);
  if (waitMs > 0) await sleep(waitMs, undefined, { signal: cancel });
  cancel.throwIfAborted();
}
