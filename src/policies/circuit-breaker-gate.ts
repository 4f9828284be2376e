import type { Call, Failure, SendResult } from '../kernel/transport.ts';
import type { PolicyContext } from './policy.ts';

/** Says whether a call may be made, and learns what came of it. */
export interface Breaker {
  /** In words why it may not, or the pass of a call that may. */
  admit(): Pass | string;
}

/** A call that was let through; `end` is called once. */
export interface Pass {
  /** It was let through to try whether the callee is back. */
  readonly isProbe: boolean;
  end(result: SendResult, tookMs: number): void;
}

/** Nothing was sent. */
export const REJECTED: Failure = {
  kind: 'failure',
  outcome: 'rejected',
  noEffect: true,
  status: 0,
  detail: 'circuit breaker open',
};

/** The call behind its breaker: what the breaker does not let through fails at once. */
export function behind(
  breaker: Breaker,
  inner: Call,
  policy: string,
  { scheduler, tell }: PolicyContext,
): Call {
  return async (message, given) => {
    const { sequence } = message.envelope;
    const pass = breaker.admit();
    if (typeof pass === 'string') {
      tell({ policy, what: 'rejected', cause: pass, sequence });
      return REJECTED;
    }
    if (pass.isProbe) tell({ policy, what: 'probe', cause: 'half-open', sequence });
    const beganMs = scheduler.nowMs();
    const result = await inner(message, given);
    pass.end(result, scheduler.nowMs() - beganMs);
    return result;
  };
}
