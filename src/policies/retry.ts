import { z } from 'zod';
import type { Call, EndSignal, Failure, Message, SendOptions, SendResult } from '../kernel/transport.ts';
import { BACK_OFFS, backOffMs } from './back-off.ts';
import { isCallersFault, timedOut } from './failures.ts';
import type { PolicyContext, PolicyDefinition, Scheduler } from './policy.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';
import { onAbort } from '../kernel/wait.ts';

const MOST_MS = 600_000;
const RETRIED = ['refused', 'connection-lost', 'timeout', 'error', 'rejected', 'contract-broken'] as const;

const budgetOptions = z.strictObject({
  ratio: z.number().min(0).max(10).multipleOf(0.001).default(0.2).describe('retries per request'),
  reservePerS: z.number().min(0).max(1000).default(10).describe('retries per second that need no request'),
  ttlMs: z.number().int().min(1000).max(60_000).default(10_000).describe('lifetime of a credit, in ms'),
});

const options = z.strictObject({
  attempts: z.number().int().min(1).max(10).default(3).describe('tries in all, the first one included'),
  on: z
    .array(z.enum(RETRIED))
    .min(1)
    .default(['refused', 'connection-lost', 'timeout', 'error'])
    .describe('outcomes that are retried; error: except not-found and bad-request'),
  backOff: z.enum(BACK_OFFS).default('decorrelated-jitter').describe('growth of the waits between tries'),
  baseMs: z.number().min(0).max(MOST_MS).default(50).describe('the shortest wait between tries, in ms'),
  maxMs: z.number().min(0).max(MOST_MS).default(2000).describe('the longest wait between tries, in ms'),
  firstAtOnce: z.boolean().default(false).describe('no wait before the first retry'),
  budget: budgetOptions
    .nullable()
    .default(null)
    .describe('limit on the retries of all calls of the edge together; null = none'),
});
type Options = z.infer<typeof options>;

/**
 * Retries failed calls, `attempts` attempts in all. Earlier attempts may have been done: `noEffect` of the result
 * holds for all attempts together. Without credit in the budget there is no retry, and the previous failure is the
 * result. The budget is checked before the wait, so that a call without credit fails at once, and again after it. When
 * the caller's wait ends, so does the retry: in a back-off at once, with `timeout`.
 */
export const definition: PolicyDefinition<Options> = {
  name: 'retry',
  title: 'retries failed calls, with waits between tries and an optional budget',
  options,
  mostAttempts: ({ attempts }) => attempts,
  wrap(inner, rule, context) {
    const { budget: bounds, on } = rule;
    const { scheduler } = context;
    const budget = bounds ? createRetryBudget(bounds, scheduler.nowMs()) : undefined;
    const isWorthTrying = (failure: Failure): boolean =>
      (on as readonly string[]).includes(failure.outcome) && !isCallersFault(failure);
    return (message, given = {}) => {
      budget?.request(scheduler.nowMs());
      return tryAll({ inner, rule, isWorthTrying, budget, context }, message, given);
    };
  },
};

interface Parts {
  readonly inner: Call;
  readonly rule: Options;
  readonly isWorthTrying: (failure: Failure) => boolean;
  readonly budget: RetryBudget | undefined;
  readonly context: PolicyContext;
}

async function tryAll(parts: Parts, message: Message, given: SendOptions): Promise<SendResult> {
  const { inner, rule, isWorthTrying, budget, context } = parts;
  const { scheduler, emit } = context;
  const { sequence, attempt: path } = message.envelope;
  const place = { seed: context.seed, purpose: `retry ${context.edge}`, sequence };
  let noEffect = true;
  let waitMs = 0;
  for (let n = 1; ; n++) {
    const result = await inner(message, given);
    if (result.kind !== 'failure') return result;
    noEffect &&= result.noEffect;
    const failure = { ...result, noEffect };
    if (n === rule.attempts || given.signal?.aborted || !isWorthTrying(failure)) return failure;
    const refuse = (): Failure => {
      emit({ policy: 'retry', what: 'rejected', cause: 'budget spent', sequence });
      return failure;
    };
    if (budget?.canPay(scheduler.nowMs()) === false) return refuse();
    waitMs = backOffMs(rule, n, waitMs, { ...place, attempt: (path - 1) * rule.attempts + n });
    await pause(scheduler, waitMs, given.signal);
    if (given.signal?.aborted) return timedOut('The wait ended between two tries', noEffect);
    if (budget?.pay(scheduler.nowMs()) === false) return refuse();
    emit({ policy: 'retry', what: 'retried', cause: `try ${n + 1} after ${failure.outcome}`, sequence });
  }
}

/** Resolves after `ms`, or at once when the signal is aborted; leaves neither timer nor listener behind. */
export function pause(scheduler: Scheduler, ms: number, signal: EndSignal | undefined): Promise<void> {
  if (ms <= 0 || signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      takeBack();
      listener[Symbol.dispose]();
      resolve();
    };
    const takeBack = scheduler.after(ms, end);
    const listener = onAbort(signal, end);
  });
}
