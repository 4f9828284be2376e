import type { Call, Message, SendOptions, SendResult } from '../kernel/transport.ts';
import { isWithoutEffect, timedOut } from './failures.ts';
import type { PolicyContext } from './policy.ts';
import { waitWithin } from './wait.ts';

export interface CallLimit {
  /** Which policy it is of. */
  readonly policy: string;
  readonly ms: number;
  /** For the event and the failure: `no answer within 200 ms`. */
  readonly cause: string;
}

/**
 * One call whose wait ends after so long, by an abort of the signal that it passes on. What comes after that end is
 * too late, be it in the same turn of the loop, and the result is `timeout`; `noEffect` stays what the service
 * promised. A wait that its caller ended first is left as it ended.
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
    return wait.isOurs ? { ...timedOut(cause, isWithoutEffect(result)), ...sentOf(result) } : result;
  } finally {
    takeBack();
  }
}

function sentOf({ sentNs }: SendResult): { readonly sentNs?: number } {
  return sentNs === undefined ? {} : { sentNs };
}
