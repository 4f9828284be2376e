import type { Clock } from '../../kernel/clock.ts';
import type { Message, SendResult } from '../../kernel/transport.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import type { PolicyEvent } from '../../kernel/policy-event.ts';
import { type HopEvent, hopMessage, type HopWriter } from '../../measure/logs/hop-log.ts';
import { faultNamedIn } from './hop-words.ts';

/** Writes the events of one edge to its caller's hop log. Only measured arrivals are logged, to keep it small. */
export interface EdgeLog {
  /** `asked`: the message as its caller got it. */
  began(asked: Message, attempt: { readonly call: number; readonly number: number }): void;
  ended(asked: Message, call: number, result: SendResult): void;
  /** Called after all policies. */
  called(
    asked: Message,
    result: SendResult,
    call: { readonly beganNs: number; readonly attempts: number },
  ): void;
  policy(event: PolicyEvent): void;
  /** A call met other policies by this switch, at its caller; only the first one is logged. */
  switched(asked: Message, by: string, service: number): void;
}

export function createEdgeLog(log: HopWriter, edge: number, clock: Clock): EdgeLog {
  /** Policies' events carry no stage: those before the first measured attempt are skipped. */
  let isMeasuring = false;
  const switched = new Set<string>();
  const write = ({ envelope: { stage } }: Message, event: HopEvent): void => {
    if (stage !== 'measured') return;
    isMeasuring = true;
    log.write(event);
  };
  const about = ({ envelope, operation }: Message) => ({
    ...hopMessage(envelope, operation),
    edge,
    parent: envelope.call ?? 0,
  });
  return {
    began: (asked, { call, number }) =>
      write(asked, { type: 'attempt', ...about(asked), call, attempt: number, atNs: clock.nowNs() }),
    ended: (asked, call, result) =>
      write(asked, { type: 'ended', call, ...endOf(result), atNs: clock.nowNs() }),
    called: (asked, result, { beganNs, attempts }) =>
      write(asked, {
        type: 'call',
        ...about(asked),
        beganNs,
        endedNs: clock.nowNs(),
        outcome: endOf(result).outcome,
        attempts,
        fallback: result.kind === 'reply' && result.fallback === true,
      }),
    policy(event) {
      if (isMeasuring) log.write({ type: 'policy', edge, atNs: clock.nowNs(), ...event });
    },
    switched(asked, by, service) {
      if (switched.has(by)) return;
      switched.add(by);
      const { envelope, operation } = asked;
      const message = hopMessage(envelope, operation);
      const { attempt } = envelope;
      write(asked, { type: 'injected', ...message, fault: by, service, attempt, atNs: clock.nowNs() });
    },
  };
}

function endOf(result: SendResult): { outcome: Outcome; status: number; fault?: string } {
  if (result.kind !== 'failure') return { outcome: 'ok', status: 0 };
  const fault = faultNamedIn(result.detail);
  return { outcome: result.outcome, status: result.status, ...(fault === undefined ? {} : { fault }) };
}
