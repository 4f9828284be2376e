import CircuitBreaker from 'opossum';
import { z } from 'zod';
import { boundedNumber, wholeNumber } from '../kernel/bounded.ts';
import type { Call, Failure, Message, SendOptions, SendResult } from '../kernel/transport.ts';
import { REJECTED } from './breaker/gate.ts';
import { isCallersFault, timedOut } from './failures.ts';
import type { PolicyContext, PolicyDefinition } from './policy.ts';
import { abortSignalOf } from './wait.ts';

const options = z.strictObject({
  timeoutMs: wholeNumber(0, 600_000)
    .default(10_000)
    .describe('time limit of a wait in ms, which is a failure; 0 = none'),
  resetTimeoutMs: wholeNumber(1, 600_000).default(30_000).describe('time for which it stays open, in ms'),
  errorThresholdPercentage: boundedNumber(0, 100)
    .default(50)
    .describe('percentage of failures among the started calls above which a failure opens it'),
  volumeThreshold: wholeNumber(0, 1_000_000)
    .default(0)
    .describe('minimum of started calls to open it; with 0 the very first failure does'),
  rollingCountTimeoutMs: wholeNumber(100, 600_000).default(10_000).describe('length of the window in ms'),
  rollingCountBuckets: wholeNumber(1, 100).default(10).describe('number of parts by which the window moves'),
  capacity: wholeNumber(1, 1_000_000)
    .optional()
    .describe(
      'maximum number of open calls; further ones are rejected and count as failures; default: no limit',
    ),
  allowWarmUp: z.boolean().default(false).describe('never opens in its first rollingCountTimeoutMs'),
});
type Options = z.infer<typeof options>;

const NAME = 'opossum';

/** Rejections by the library itself, other than failures of the call: the `code`s of its own errors. */
const REFUSALS: Readonly<Record<string, string>> = { EOPENBREAKER: 'open', ESEMLOCKED: 'capacity' };

/**
 * The breaker of the library opossum 10, with its time-out. Its clock is the process's own timers. In half-open it
 * admits one call, but a call admitted earlier that ends then decides as well.
 */
export const definition: PolicyDefinition<Options> = {
  name: NAME,
  title: 'the circuit breaker of the library opossum, with its time-out',
  isBreaker: true,
  options,
  mostAttempts: () => 1,
  wrap(inner, given, context) {
    const circuit = open(inner, given, context);
    return async (message, sendOptions) => {
      const { sequence } = message.envelope;
      const ended = new AbortController();
      try {
        return await circuit.fire(message, endedBy(ended, sendOptions));
      } catch (error) {
        if (isFailure(error)) return error;
        const { code } = error as { readonly code?: string };
        const refusal = REFUSALS[code ?? ''];
        if (refusal !== undefined) {
          context.emit({ policy: NAME, what: 'rejected', cause: refusal, sequence });
          return REJECTED;
        }
        if (code !== 'ETIMEDOUT') throw error;
        const detail = `no answer within ${given.timeoutMs} ms`;
        context.emit({ policy: NAME, what: 'expired', cause: detail, sequence });
        ended.abort();
        return timedOut(detail, false);
      }
    };
  },
};

type Circuit = CircuitBreaker<[Message, SendOptions], SendResult>;

function open(inner: Call, given: Options, { emit }: PolicyContext): Circuit {
  const send = async (message: Message, sendOptions: SendOptions): Promise<SendResult> => {
    if (circuit.halfOpen)
      emit({ policy: NAME, what: 'probe', cause: 'half-open', sequence: message.envelope.sequence });
    const result = await inner(message, sendOptions);
    // The library treats a rejection as a failure; rejecting with a plain object costs no stack trace.
    return result.kind === 'failure' ? Promise.reject(result) : result;
  };
  const circuit: Circuit = new CircuitBreaker(send, {
    timeout: given.timeoutMs === 0 ? false : given.timeoutMs,
    resetTimeout: given.resetTimeoutMs,
    errorThresholdPercentage: given.errorThresholdPercentage,
    volumeThreshold: given.volumeThreshold,
    rollingCountTimeout: given.rollingCountTimeoutMs,
    rollingCountBuckets: given.rollingCountBuckets,
    allowWarmUp: given.allowWarmUp,
    errorFilter: (error) => isFailure(error) && isCallersFault(error),
    ...(given.capacity === undefined ? {} : { capacity: given.capacity }),
  });
  let wasHalfOpen = false;
  circuit.on('open', () => {
    const rule = `more than ${given.errorThresholdPercentage} % of the calls failed`;
    emit({ policy: NAME, what: 'opened', cause: wasHalfOpen ? 'a call failed in half-open' : rule });
    wasHalfOpen = false;
  });
  circuit.on('halfOpen', () => {
    wasHalfOpen = true;
    emit({ policy: NAME, what: 'half-open', cause: `${given.resetTimeoutMs} ms after it opened` });
  });
  circuit.on('close', () => {
    wasHalfOpen = false;
    emit({ policy: NAME, what: 'closed', cause: 'a call succeeded in half-open' });
  });
  return circuit;
}

function endedBy({ signal }: AbortController, given: SendOptions = {}): SendOptions {
  return { ...given, signal: given.signal ? AbortSignal.any([abortSignalOf(given.signal), signal]) : signal };
}

function isFailure(error: unknown): error is Failure {
  return (error as Partial<Failure> | undefined)?.kind === 'failure';
}
