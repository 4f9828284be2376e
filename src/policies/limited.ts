import type { Call, Message, SendOptions, SendResult } from '../kernel/transport.ts';
import { isWithoutEffect, timedOut } from './failures.ts';
import type { PolicyContext } from './policy.ts';
import { waitWithin } from './wait.ts';

export interface CallLimit {
  /** Name of the policy. */
  readonly policy: string;
  readonly ms: number;
  /** Cause for the event and the failure: `no answer within 200 ms`. */
  readonly cause: string;
}

/**
 * One call whose wait ends after a limit, by an abort of the signal passed on. A result after that end is too late,
 * even in the same turn of the loop: the outcome is `timeout`, and `noEffect` stays the service's promise. A wait that
 * its caller ended first keeps that end.
 */
export async function sendWithin(
  { policy, ms, cause }: CallLimit,
  inner: Call,
  message: Message,
  given: SendOptions,
  { scheduler, emit }: PolicyContext,
): Promise<SendResult> {
  using wait = waitWithin(given.signal);
  const takeBack = scheduler.after(ms, () => {
    if (wait.end()) emit({ policy, what: 'expired', cause, sequence: message.envelope.sequence });
  });
  try {
    const result = await inner(message, { ...given, signal: wait.signal });
    return wait.isOurs ? { ...timedOut(cause, isWithoutEffect(result)), ...waitedOf(result) } : result;
  } finally {
    takeBack();
  }
}

function waitedOf({ waitedNs }: SendResult): { readonly waitedNs?: number } {
  return waitedNs === undefined ? {} : { waitedNs };
}
