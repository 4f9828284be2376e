import { z } from 'zod';
import { boundedNumber, wholeNumber } from '../kernel/bounded.ts';
import { behind } from './breaker/gate.ts';
import { createBreaker } from './breaker/states.ts';
import { consecutiveWindow, countWindow, timeWindow, type BreakerWindow } from './breaker/window.ts';
import type { PolicyDefinition } from './policy.ts';

const OUTCOMES = ['error', 'contract-broken', 'refused', 'rejected', 'timeout', 'connection-lost'] as const;
const share = z.number().gt(0).max(1);

const options = z.strictObject({
  mode: z
    .enum(['count', 'time', 'consecutive'])
    .default('count')
    .describe('basis of its decision while closed: the last calls, the last time, or consecutive failures'),
  windowCalls: wholeNumber(1, 100_000).default(100).describe('count: number of last calls'),
  windowMs: wholeNumber(100, 600_000)
    .default(100_000)
    .describe('time: window of ended calls in ms, which moves by tenths of it'),
  failuresInARow: wholeNumber(1, 100_000)
    .default(5)
    .describe('consecutive: number of failed or slow calls in a row that open it'),
  minimumCalls: wholeNumber(1, 100_000)
    .default(100)
    .describe('count, time: minimum of ended calls to open it; for count at most windowCalls'),
  failureRate: share.default(0.5).describe('count, time and half-open: share of failed calls that opens it'),
  slowCallMs: boundedNumber(0, 600_000).default(60_000).describe('calls that take longer are slow, in ms'),
  slowCallRate: share.default(1).describe('count, time and half-open: share of slow calls that opens it'),
  openMs: boundedNumber(1, 600_000)
    .default(60_000)
    .describe('time for which it rejects every call, in ms; the next call then makes it half-open'),
  permittedInHalfOpen: wholeNumber(1, 100_000)
    .default(10)
    .describe(
      'calls admitted in half-open; it closes or opens when minimumCalls of them have ended, or all if that is fewer',
    ),
  failures: z
    .array(z.enum(OUTCOMES))
    .min(1)
    .default(['error', 'contract-broken', 'refused', 'timeout', 'connection-lost'])
    .describe(
      'outcomes that are failures; those in neither list are successes, as are not-found and bad-request',
    ),
  ignored: z
    .array(z.enum(OUTCOMES))
    .default(['rejected'])
    .describe('outcomes that are not counted: `rejected` is a rejection by an inner policy of the edge'),
});
type Options = z.infer<typeof options>;

const NAME = 'circuit-breaker';

/**
 * Semantics and defaults of resilience4j 2 (CircuitBreakerStateMachine, CircuitBreakerMetrics), with three differences.
 * `consecutive` is not among its modes. Its time window forgets by whole seconds. A call admitted before the last state
 * change counts there in whatever state it ends, here in none.
 */
export const definition: PolicyDefinition<Options> = {
  name: NAME,
  title: 'rejects calls while too many fail or are slow, then admits a few',
  isBreaker: true,
  options,
  mostAttempts: () => 1,
  wrap(inner, given, context) {
    const { scheduler, emit } = context;
    const halfOpenWindow = (): BreakerWindow => countWindow(given.permittedInHalfOpen, given);
    const breaker = createBreaker(
      { ...given, newClosedWindow: () => closedWindow(given), newHalfOpenWindow: halfOpenWindow },
      scheduler.nowMs,
      (change) => emit({ policy: NAME, ...change }),
    );
    return behind(breaker, inner, NAME, context);
  },
};

function closedWindow(given: Options): BreakerWindow {
  switch (given.mode) {
    case 'consecutive':
      return consecutiveWindow(given.failuresInARow);
    case 'count':
      return countWindow(given.windowCalls, given);
    case 'time':
      return timeWindow(given.windowMs, given);
  }
}
