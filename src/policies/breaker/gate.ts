import type { Call, SendResult } from '../../kernel/transport.ts';
import { rejected } from '../failures.ts';
import type { PolicyContext } from '../policy.ts';
import { ANOTHER_WON } from '../wait.ts';

/** Decides whether a call may be made, and receives its result. */
export interface Breaker {
  /** A pass, or the reason for a rejection in words. */
  admit(): Pass | string;
}

/** A call that was let through; one of `end` and `forget` is called, once. */
export interface Pass {
  /** It was admitted to probe whether the service is back. */
  readonly isProbe: boolean;
  end(result: SendResult, tookMs: number): void;
  /** The call's outcome will never be known. */
  forget(): void;
}

export const REJECTED = rejected('circuit breaker open');

/** The call behind its breaker: rejected calls fail at once. */
export function behind(
  breaker: Breaker,
  inner: Call,
  policy: string,
  { scheduler, emit }: PolicyContext,
): Call {
  return async (message, given) => {
    const { sequence } = message.envelope;
    const pass = breaker.admit();
    if (typeof pass === 'string') {
      emit({ policy, what: 'rejected', cause: pass, sequence });
      return REJECTED;
    }
    if (pass.isProbe) emit({ policy, what: 'probe', cause: 'half-open', sequence });
    const beganMs = scheduler.nowMs();
    const result = await inner(message, given);
    if (result.kind === 'failure' && given?.signal?.reason === ANOTHER_WON) pass.forget();
    else pass.end(result, scheduler.nowMs() - beganMs);
    return result;
  };
}
