import { replyValueAt } from '../contracts/target.ts';
import type { Call, Failure, Message, Reply, SendResult } from '../kernel/transport.ts';
import type { TargetPlan } from '../plan/generator-plan.ts';
import { type ItemStamps, stampItem } from './stream-call.ts';

type Take = TargetPlan['requests'][string]['take'];

/** The largest number of steps; 0: there are no flows. */
export function mostSteps({ flows }: Pick<TargetPlan, 'flows'>): number {
  return Math.max(0, ...Object.values(flows).map((steps) => steps.length));
}

/**
 * A flow as one call: its steps are sent one after the other, each as soon as the one before it was answered, with the
 * values taken from earlier answers. The first failure ends it. Each step that succeeds is stamped at its end.
 */
export function flowCall(send: Call, { requests, flows }: TargetPlan, stamps: ItemStamps | undefined): Call {
  return async (message, options) => {
    const steps = flows[message.operation];
    if (!steps) return send(message, options);
    let taken: Record<string, unknown> = {};
    let waitedNs: number | undefined;
    for (const [i, operation] of steps.entries()) {
      const step: Message = { ...message, operation, envelope: { ...message.envelope, taken } };
      const result = withTaken(await send(step, options), requests[operation]!.take);
      if (i === 0) ({ waitedNs } = result.answer);
      if (result.answer.kind === 'failure')
        return failed(result.answer, { operation, isFirst: i === 0, waitedNs });
      if (stamps && !isUnconfirmed(result.answer)) stampItem(stamps, message, i);
      if (i === steps.length - 1) return { ...result.answer, ...waited(waitedNs) };
      taken = { ...taken, ...result.taken };
    }
    throw new RangeError('Expected a flow to have steps');
  };
}

/** Nobody knows when such a message arrived. */
function isUnconfirmed(answer: SendResult): boolean {
  return answer.kind === 'ack' && answer.unconfirmed === true;
}

/** Wait of the whole: that for the connection of its first request. */
function waited(waitedNs: number | undefined): { readonly waitedNs?: number } {
  return waitedNs === undefined ? {} : { waitedNs };
}

interface FailedStep {
  readonly operation: string;
  readonly isFirst: boolean;
  /** Of the whole flow. */
  readonly waitedNs: number | undefined;
}

/** Named by its step. A flow whose first step was done has an effect, whatever a later one promises. */
function failed(
  { waitedNs: _own, detail, noEffect, ...failure }: Failure,
  { operation, isFirst, waitedNs }: FailedStep,
): Failure {
  return {
    ...failure,
    ...waited(waitedNs),
    detail: `${operation}: ${detail}`,
    noEffect: noEffect && isFirst,
  };
}

interface Answered {
  readonly answer: SendResult;
  readonly taken: Readonly<Record<string, unknown>>;
}

/** What later steps take from an answer; it is broken if it lacks any of it. */
function withTaken(answer: SendResult, take: Take): Answered {
  const taken: Record<string, unknown> = {};
  for (const [name, from] of Object.entries(take)) {
    if (answer.kind !== 'reply') return { answer, taken: {} };
    const value =
      from.header === undefined ? replyValueAt(answer.body, from.path!) : answer.headers?.[from.header];
    if (value === undefined || value === null) return { answer: lacking(answer, from), taken: {} };
    taken[name] = value;
  }
  return { answer, taken };
}

function lacking({ status = 0, waitedNs }: Reply, { header, path }: Take[string]): Failure {
  const what = header === undefined ? path!.join('.') : `the header ${header}`;
  const detail = `Expected ${what} in the answer, as a later step takes it`;
  return {
    kind: 'failure',
    outcome: 'contract-broken',
    noEffect: false,
    status,
    detail,
    ...waited(waitedNs),
  };
}
