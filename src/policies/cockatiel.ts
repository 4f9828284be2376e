import { onAbort } from '../kernel/wait.ts';
import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  CountBreaker,
  handleWhenResult,
  SamplingBreaker,
  TaskCancelledError,
  type CircuitBreakerPolicy,
  type IBreaker,
} from 'cockatiel';
import { z } from 'zod';
import { boundedNumber, wholeNumber } from '../kernel/bounded.ts';
import type { Call, Message, SendOptions, SendResult } from '../kernel/transport.ts';
import { REJECTED } from './breaker/gate.ts';
import { isCallersFault, timedOut } from './failures.ts';
import type { PolicyContext, PolicyDefinition } from './policy.ts';
import { abortSignalOf } from './wait.ts';

const share = z.number().gt(0).lt(1);

const options = z.strictObject({
  breaker: z
    .enum(['consecutive', 'count', 'sampling'])
    .default('consecutive')
    .describe("the library's ConsecutiveBreaker, CountBreaker or SamplingBreaker"),
  failures: wholeNumber(1, 100_000).default(5).describe('consecutive: failures in a row'),
  threshold: share.default(0.2).describe('count, sampling: opens if more than this share failed'),
  size: wholeNumber(1, 100_000).default(100).describe('count: number of last calls'),
  minimumNumberOfCalls: wholeNumber(1, 100_000)
    .optional()
    .describe('count: minimum of calls to open it, at most size; default: size'),
  durationMs: boundedNumber(100, 600_000).default(30_000).describe('sampling: length of the window in ms'),
  minimumRps: z
    .number()
    .gt(0)
    .max(1_000_000)
    .optional()
    .describe('sampling: minimum rate of calls to open it; default: 5 / threshold'),
  halfOpenAfterMs: boundedNumber(1, 600_000).default(10_000).describe('time for which it stays open, in ms'),
  halfOpenCalls: wholeNumber(1, 100_000)
    .default(1)
    .describe('calls admitted in half-open; the others wait for their outcome'),
  halfOpenThreshold: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('reopens if more than this share of them failed'),
});
type Options = z.infer<typeof options>;

const NAME = 'cockatiel';

/** Its caller's wait ended in the line before a half-open breaker. */
const LEFT_THE_LINE = timedOut('ended while it waited for a half-open circuit breaker', true);

/**
 * The breaker of the library cockatiel 4. Its clock is the process's own (`Date.now`). Defaults that it lacks come
 * from its README. In half-open its callers wait and are released together.
 */
export const definition: PolicyDefinition<Options> = {
  name: NAME,
  title: 'the circuit breaker of the library cockatiel',
  isBreaker: true,
  options,
  mostAttempts: () => 1,
  wrap(inner, given, context) {
    const breaker = open(given, context);
    return (message, sendOptions) => sendThrough(breaker, inner, message, sendOptions, context);
  },
};

async function sendThrough(
  breaker: CircuitBreakerPolicy,
  inner: Call,
  message: Message,
  sendOptions: SendOptions | undefined,
  { emit }: PolicyContext,
): Promise<SendResult> {
  const { sequence } = message.envelope;
  const signal = sendOptions?.signal;
  const left = Promise.withResolvers<SendResult>();
  let place: 'in line' | 'sent' | 'left' = 'in line';
  const send = (): Promise<SendResult> => {
    place = 'sent';
    if (breaker.state === CircuitState.HalfOpen)
      emit({ policy: NAME, what: 'probe', cause: 'half-open', sequence });
    return inner(message, sendOptions);
  };
  const refused = (error: unknown): SendResult => {
    if (place === 'left' || error instanceof TaskCancelledError) return LEFT_THE_LINE;
    if (!(error instanceof BrokenCircuitError)) throw error;
    emit({ policy: NAME, what: 'rejected', cause: 'open', sequence });
    return REJECTED;
  };
  // The library checks the signal only when the line moves on.
  const leave = (): void => {
    if (place === 'sent') return;
    place = 'left';
    left.resolve(LEFT_THE_LINE);
  };
  const over = breaker.execute(send, signal && abortSignalOf(signal)).catch(refused);
  using _listener = onAbort(signal, leave);
  return await Promise.race([over, left.promise]);
}

function open(given: Options, { emit }: PolicyContext): CircuitBreakerPolicy {
  const breaker = circuitBreaker(
    handleWhenResult((result) => isFailure(result as SendResult)),
    {
      breaker: ruleOf(given),
      halfOpenAfter: given.halfOpenAfterMs,
      halfOpenSampling: { calls: given.halfOpenCalls, threshold: given.halfOpenThreshold },
    },
  );
  let wasHalfOpen = false;
  breaker.onBreak(() => {
    const cause = wasHalfOpen ? 'too many of the admitted calls failed' : causeOf(given);
    wasHalfOpen = false;
    emit({ policy: NAME, what: 'opened', cause });
  });
  breaker.onHalfOpen(() => {
    wasHalfOpen = true;
    emit({ policy: NAME, what: 'half-open', cause: `${given.halfOpenAfterMs} ms after it opened` });
  });
  breaker.onReset(() => {
    wasHalfOpen = false;
    emit({ policy: NAME, what: 'closed', cause: `few enough of ${given.halfOpenCalls} calls failed` });
  });
  return breaker;
}

function isFailure(result: SendResult): boolean {
  return result.kind === 'failure' && !isCallersFault(result);
}

function ruleOf({
  breaker,
  failures,
  threshold,
  size,
  minimumNumberOfCalls,
  durationMs,
  minimumRps,
}: Options): IBreaker {
  switch (breaker) {
    case 'consecutive':
      return new ConsecutiveBreaker(failures);
    case 'count':
      return new CountBreaker({
        threshold,
        size,
        minimumNumberOfCalls: Math.min(size, minimumNumberOfCalls ?? size),
      });
    case 'sampling':
      return new SamplingBreaker({
        threshold,
        duration: durationMs,
        ...(minimumRps === undefined ? {} : { minimumRps }),
      });
  }
}

function causeOf({ breaker, failures, threshold, size, durationMs }: Options): string {
  switch (breaker) {
    case 'consecutive':
      return `${failures} failures in a row`;
    case 'count':
      return `more than ${threshold * 100} % of the last ${size} calls failed`;
    case 'sampling':
      return `more than ${threshold * 100} % of the calls of ${durationMs} ms failed`;
  }
}
