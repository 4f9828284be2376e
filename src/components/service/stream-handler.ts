import { type Clock, monotonicClock, NS_PER_MS } from '../../kernel/clock.ts';
import type { Handled, StreamPlan } from '../../kernel/contract.ts';
import type { StreamHandler } from '../../kernel/transport.ts';
import { createAlarm } from './alarm.ts';
import { DEADLINE_PASSED, type HandlerParts, isLate, OVERLOADED } from './handler.ts';

/** Timing of a stream's items. */
interface Pacing {
  readonly clock: Clock;
  /** See `createAlarm`. */
  readonly alarm: (dueNs: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Processes a streaming operation, the same over every transport: limiter → deadline → processing time → work → its
 * items, each at its instant → one record in the effect log → the end. A caller that received the end therefore knows
 * that the record exists.
 * A stream counts towards the concurrency until it ends. If the caller leaves (the signal, or leaving the loop), the
 * work ends and nothing is recorded. A failure is the only item.
 */
export function createStreamHandler(parts: HandlerParts & Partial<Pacing>): StreamHandler {
  const { limiter, process, perform, effects } = parts;
  const clock = parts.clock ?? monotonicClock;
  const pacing = { clock, alarm: parts.alarm ?? createAlarm(clock) };

  return async function* (message, signal) {
    const arrivedNs = clock.nowNs();
    const slot = limiter.take();
    if (slot === false) return yield OVERLOADED;
    if (slot !== true) await slot;
    const passage = { arrivedNs, begunNs: slot === true ? arrivedNs : clock.nowNs() };
    try {
      if (signal.aborted) return;
      if (isLate(message, clock)) return yield DEADLINE_PASSED;
      if (process) await process(message.envelope);
      if (signal.aborted) return;
      const handled = perform(message.operation, message.body, message.envelope);
      if (handled.kind === 'failed') return yield handled;
      yield* paced(handled.body as StreamPlan, pacing, signal);
      if (!signal.aborted) effects.write(message.envelope, clock.nowNs(), limiter.taken, passage);
    } finally {
      limiter.leave();
    }
  };
}

/** Item j at start + j × everyMs: a late item delays none after it. */
async function* paced(
  { items, everyMs }: StreamPlan,
  { clock, alarm }: Pacing,
  signal: AbortSignal,
): AsyncGenerator<Handled, void> {
  const startNs = clock.nowNs();
  for (const [j, body] of items.entries()) {
    await alarm(startNs + j * everyMs * NS_PER_MS, signal);
    if (signal.aborted) return;
    yield { kind: 'done', body };
  }
}
