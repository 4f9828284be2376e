import { type Clock, monotonicClock } from '../../kernel/clock.ts';
import type { Handled } from '../../kernel/contract.ts';
import type { Incoming } from '../../kernel/transport.ts';
import { hopMessage, type HopWriter } from '../../measure/logs/hop-log.ts';
import type { HopEdge } from './hop-edge.ts';
import type { Strikes } from './hop-strikes.ts';
import { failedBy } from './hop-words.ts';
import type { Once } from './idempotency.ts';

/** What the service does for a message by itself. */
export interface WorkCounts {
  /** Occupies the slot for the hold time. */
  hold(): Promise<void> | undefined;
  /** The contract's operation and its record, at once. */
  complete(): Handled;
}

/** What makes a service a part of a topology: all that happens to a message while it has its slot. */
export interface Hop {
  handle(message: Incoming, work: WorkCounts): Promise<Handled>;
}

export interface HopParts {
  readonly service: number;
  /** In the order in which they are gone over. */
  readonly edges: readonly HopEdge[];
  readonly strikes: Strikes;
  /** Absent: a repeated message is worked off again. */
  readonly once?: Once;
  readonly log: HopWriter;
  /** Ends this process, soon: nothing is done any more from the call on. */
  readonly endProcess: () => void;
  readonly clock?: Clock;
}

/**
 * Faults → hold → each edge of the operation, one after the other → the service's own work → the answer, with the
 * slot taken all the while: the wait for a slow service is what fills a caller. A call that failed after its policies
 * ends the work: what was done downstream before it stays done. A fallback's answer counts as the service's.
 */
export function createHop(parts: HopParts): Hop {
  const { service, strikes, log } = parts;
  const clock = parts.clock ?? monotonicClock;
  const once: Once = parts.once ?? ((_message, work) => work());
  let isEnding = false;

  const begin = ({ operation, envelope }: Incoming): void => {
    if (envelope.stage !== 'measured') return;
    const { call = 0, attempt } = envelope;
    const message = hopMessage(envelope, operation);
    log.write({ type: 'execution', ...message, service, call, attempt, atNs: clock.nowNs() });
  };

  const execute = async (
    message: Incoming,
    work: WorkCounts,
    endsBy: string | undefined,
  ): Promise<Handled> => {
    await work.hold();
    const below = await callAll(parts.edges, message);
    if (below.failed) return below.failed;
    if (isEnding) return never();
    const handled = work.complete();
    if (handled.kind === 'failed') return { ...handled, noEffect: handled.noEffect && !below.mayHaveEffect };
    if (endsBy === undefined) return handled;
    // What was done before is still answered, so that this is the only effect that nobody is told of.
    isEnding = true;
    strikes.ended(message, endsBy);
    parts.endProcess();
    return never();
  };

  return {
    async handle(message, work) {
      begin(message);
      const { failed, endsBy } = await strikes.meet(message);
      return failed ?? once(message, () => execute(message, work, endsBy));
    },
  };
}

async function callAll(
  edges: readonly HopEdge[],
  message: Incoming,
): Promise<{ readonly failed?: Handled; readonly mayHaveEffect: boolean }> {
  let mayHaveEffect = false;
  for (const edge of edges) {
    if (!edge.goesOver(message.operation)) continue;
    const answer = await edge.call(message);
    mayHaveEffect ||= answer.mayHaveEffect;
    if (answer.result.kind !== 'failure') continue;
    return { failed: failedBy(edge.id, answer.result, mayHaveEffect), mayHaveEffect };
  }
  return { mayHaveEffect };
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
