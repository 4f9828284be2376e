import { type Clock, monotonicClock, type Nanoseconds } from '../../kernel/clock.ts';
import type { Handled } from '../../kernel/contract.ts';
import type { Incoming } from '../../kernel/transport.ts';
import { hopMessage, type HopWriter } from '../../measure/logs/hop-log.ts';
import type { ServiceTimeline } from '../../plan/service-config.ts';
import type { HopEdge } from './hop-edge.ts';
import type { Strikes } from './hop-strikes.ts';
import { failedBy } from './hop-words.ts';
import type { Once } from './idempotency.ts';

/** Work of the service itself for one message. */
interface WorkCounts {
  /** Waits for the processing time. */
  hold(): Promise<void> | undefined;
  /** The contract's operation and its record, at once. */
  complete(): Handled;
}

/** A service's part in a topology: everything between a message's admission and its reply. */
export interface Hop {
  /** Names the start of the load, for what happens by instant. */
  expect(loadStartNs: Nanoseconds): void;
  /** Replaces faults and switches of policies. */
  follow(timeline: ServiceTimeline): void;
  handle(message: Incoming, work: WorkCounts): Promise<Handled>;
}

export interface HopParts {
  readonly service: number;
  /** In the order in which they are called. */
  readonly edges: readonly HopEdge[];
  readonly strikes: Strikes;
  /** Absent: a repeated message is processed again. */
  readonly once?: Once;
  readonly log: HopWriter;
  /** Ends this process soon: no work is done after the call. */
  readonly endProcess: () => void;
  readonly clock?: Clock;
}

/**
 * Faults → processing time → each edge of the operation in turn → the service's own work → the reply. The message
 * counts towards the concurrency throughout: waiting for a slow service is what fills a caller.
 * A call that failed after its policies ends the work; completed downstream work remains. A fallback's reply counts as
 * the service's.
 */
export function createHop(parts: HopParts): Hop {
  const { service, strikes, log } = parts;
  const clock = parts.clock ?? monotonicClock;
  const once: Once = parts.once ?? ((_message, work) => work());
  let isEnding = false;

  const expect = (loadStartNs: Nanoseconds): void => {
    strikes.expect(loadStartNs);
    for (const edge of parts.edges) edge.expect(loadStartNs);
  };

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
    // Earlier work is still acknowledged, so that this is the only effect without a reply.
    isEnding = true;
    strikes.ended(message, endsBy);
    parts.endProcess();
    return never();
  };

  return {
    expect,
    follow({ loadStartNs, faults, switches }) {
      expect(loadStartNs);
      strikes.follow(faults);
      for (const edge of parts.edges) edge.follow(switches[edge.id] ?? []);
    },
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
