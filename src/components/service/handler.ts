import { isAnswered } from '../../contracts/interactions.ts';
import { type Clock, monotonicClock } from '../../kernel/clock.ts';
import { contentDigest } from '../../measure/logs/content-digest.ts';
import type { Handled, Implementation } from '../../kernel/contract.ts';
import type { Handler, Incoming } from '../../kernel/transport.ts';
import type { EffectWriter, InService } from '../../measure/logs/effect-log.ts';
import type { Processing } from './processing.ts';
import type { Hop } from './hop.ts';
import type { ConcurrencyLimiter } from './concurrency-limiter.ts';

export interface HandlerParts {
  readonly interaction: string;
  /** A broker queues for it, and bounds the messages in hand. */
  readonly isBrokers?: boolean;
  readonly limiter: ConcurrencyLimiter;
  readonly process: Processing | undefined;
  readonly perform: Implementation;
  readonly effects: EffectWriter;
  /** For a service within a topology. */
  readonly hop?: Hop | undefined;
  readonly clock?: Clock;
}

export const OVERLOADED: Handled = {
  kind: 'failed',
  status: 'overloaded',
  noEffect: true,
  detail: 'The concurrency limit is reached and the queue is full',
};
export const DEADLINE_PASSED: Handled = {
  kind: 'failed',
  status: 'deadline-passed',
  noEffect: true,
  detail: 'The deadline passed before the work began',
};

/**
 * Processes a message, the same over every transport: limiter → deadline → processing time → work → record in the
 * effect log. Within a topology, calls to other services come before the work.
 * The transport acknowledges when this has settled, so never before the record. A rejection is a defect or a full disk:
 * it must end the service, not become a reply.
 */
export function createHandler(parts: HandlerParts): Handler {
  const { limiter, process, hop } = parts;
  const clock = parts.clock ?? monotonicClock;
  // Only a caller that waits for the reply can have gone away: a queue's caller left with the confirm.
  const awaited = isAnswered(parts.interaction);

  return async (message) => {
    const arrivedNs = clock.nowNs();
    const slot = limiter.take(parts.isBrokers);
    if (slot === false) return OVERLOADED;
    if (slot !== true) await slot;
    const passage = { arrivedNs, begunNs: slot === true ? arrivedNs : clock.nowNs() };
    try {
      if (awaited && isLate(message, clock)) return DEADLINE_PASSED;
      if (hop) {
        return await hop.handle(message, {
          hold: () => process?.(message.envelope),
          complete: () => complete(parts, message, passage, clock),
        });
      }
      if (process) await process(message.envelope);
      return complete(parts, message, passage, clock);
    } finally {
      limiter.leave();
    }
  };
}

/** No caller waits for it any more. */
export function isLate({ envelope: { deadlineNs } }: Incoming, clock: Clock): boolean {
  return deadlineNs > 0 && clock.nowNs() > deadlineNs;
}

function complete(parts: HandlerParts, message: Incoming, inService: InService, clock: Clock): Handled {
  const performed = parts.perform(message.operation, message.body, message.envelope);
  if (performed.kind === 'failed') return performed;
  const { body, stored } = performed;
  const digest = stored && contentDigest(stored);
  // Reads are recorded too: the record is the evidence that the work was done.
  parts.effects.write(message.envelope, clock.nowNs(), parts.limiter.taken, inService, digest);
  return stored ? { kind: 'done', body } : performed;
}
