import { z } from 'zod';
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
    .describe('what it looks at while closed: the last calls, the last while, or failures in a row'),
  windowCalls: z.number().int().min(1).max(100_000).default(100).describe('count: so many of the last calls'),
  windowMs: z
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(100_000)
    .describe('time: calls that ended in the last so many ms, forgotten by tenths of it'),
  failuresInARow: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(5)
    .describe('consecutive: so many failed or slow calls in a row open it'),
  minimumCalls: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe('count, time: fewer ended calls than this never open it; in count at most windowCalls'),
  failureRate: share
    .default(0.5)
    .describe('count, time and half-open: opens if this share of the calls failed, or more'),
  slowCallMs: z
    .number()
    .min(0)
    .max(600_000)
    .default(60_000)
    .describe('a call that takes longer is slow, in ms'),
  slowCallRate: share
    .default(1)
    .describe('count, time and half-open: opens if this share of the calls was slow, or more'),
  openMs: z
    .number()
    .min(1)
    .max(600_000)
    .default(60_000)
    .describe('so long it rejects everything; then the next call makes it half-open'),
  permittedInHalfOpen: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(10)
    .describe('so many calls may try in half-open; it closes or opens when all of them have ended'),
  failures: z
    .array(z.enum(OUTCOMES))
    .min(1)
    .default(['error', 'contract-broken', 'refused', 'timeout', 'connection-lost'])
    .describe(
      'outcomes that are failures; those in neither list are successes, as are answers that something is not there or was asked wrongly',
    ),
  ignored: z
    .array(z.enum(OUTCOMES))
    .default(['rejected'])
    .describe(
      "outcomes that count neither way: `rejected` is a refusal of this edge's policies inside of it",
    ),
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
  title: 'rejects calls while too many fail or are slow, then lets a few try',
  options,
  mostAttempts: () => 1,
  wrap(inner, given, context) {
    const { scheduler, emit } = context;
    const halfOpenWindow = (): BreakerWindow =>
      countWindow(given.permittedInHalfOpen, { ...given, minimumCalls: given.permittedInHalfOpen });
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
