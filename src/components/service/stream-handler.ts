import { type Clock, monotonicClock, NS_PER_MS } from '../../kernel/clock.ts';
import type { Handled, StreamPlan } from '../../kernel/contract.ts';
import type { StreamHandler } from '../../kernel/transport.ts';
import { createAlarm } from './alarm.ts';
import { DEADLINE_PASSED, type HandlerParts, isLate, OVERLOADED } from './handler.ts';

/** When each item of a stream is to go out. */
interface Pacing {
  readonly clock: Clock;
  /** As `createAlarm` has it. */
  readonly alarm: (dueNs: number, signal: AbortSignal) => Promise<void>;
}

/**
 * What a service does with an operation that streams, the same over every transport: slot → deadline →
 * hold → work → its items, each at its instant → one record in the effect log → the end. So who has seen
 * the end knows that the record is there. A stream keeps its slot until it ends. Nobody waiting any more
 * (the signal, or leaving the loop) ends the work, frees the slot, and records nothing. A failure is the only item.
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
    const way = { arrivedNs, begunNs: slot === true ? arrivedNs : clock.nowNs() };
    try {
      if (signal.aborted) return;
      if (isLate(message, clock)) return yield DEADLINE_PASSED;
      if (process) await process(message.envelope);
      if (signal.aborted) return;
      const handled = perform(message.operation, message.body, message.envelope);
      if (handled.kind === 'failed') return yield handled;
      yield* paced(handled.body as StreamPlan, pacing, signal);
      if (!signal.aborted) effects.write(message.envelope, clock.nowNs(), limiter.taken, way);
    } finally {
      limiter.leave();
    }
  };
}

/** Item j at start + j × everyMs: one that is late delays none after it. */
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
