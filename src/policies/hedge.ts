import { z } from 'zod';
import type { Call, Message, SendOptions, SendResult } from '../kernel/transport.ts';
import { isWithoutEffect } from './failures.ts';
import type { PolicyContext, PolicyDefinition } from './policy.ts';
import { ANOTHER_WON, waitWithin } from './wait.ts';

const options = z.strictObject({
  afterMs: z.number().min(0).max(600_000).default(100).describe('wait before the second attempt, in ms'),
});
type Options = z.infer<typeof options>;

/**
 * A second attempt beside one that is slow: "hedged requests" (J. Dean, L. A. Barroso, The Tail at Scale, CACM
 * 56(2), 2013). The first answer wins, and the wait for the other attempt ends; its work may be done all the same.
 * An attempt that failed before `afterMs` is the result, for this is no retry; of two that failed, the later one.
 */
export const definition: PolicyDefinition<Options> = {
  name: 'hedge',
  title: 'begins a second attempt beside a slow one',
  options,
  mostAttempts: () => 2,
  wrap:
    (inner, { afterMs }, context) =>
    (message, given = {}) =>
      sendHedged(inner, afterMs, message, given, context),
};

async function sendHedged(
  inner: Call,
  afterMs: number,
  message: Message,
  given: SendOptions,
  { scheduler, emit }: PolicyContext,
): Promise<SendResult> {
  using first = waitWithin(given.signal);
  using second = waitWithin(given.signal);
  let last: SendResult | undefined;
  let winner: SendResult | undefined;
  const begin = async ({ signal }: typeof first, other: typeof first): Promise<SendResult> => {
    const result = await inner(message, { ...given, signal });
    last = result;
    if (result.kind === 'failure') return result;
    winner ??= result;
    other.end(ANOTHER_WON);
    return result;
  };
  const one = begin(first, second);
  const early = await beforeTimer(one, afterMs, scheduler);
  // An ended call, for whatever reason, needs no second attempt.
  if (early || given.signal?.aborted) return early ?? one;
  const cause = `no answer within ${afterMs} ms`;
  emit({ policy: 'hedge', what: 'hedged', cause, sequence: message.envelope.sequence });
  // Awaits the loser too: an ended wait settles at once, and a defect in it must not be lost.
  const both = await Promise.all([one, begin(second, first)]);
  if (winner) return winner;
  return { ...last!, noEffect: both.every(isWithoutEffect) } as SendResult;
}

/** The result, if it comes within `ms`. */
async function beforeTimer<T>(
  result: Promise<T>,
  ms: number,
  scheduler: PolicyContext['scheduler'],
): Promise<T | undefined> {
  let takeBack = (): void => {};
  const over = new Promise<undefined>((resolve) => {
    takeBack = scheduler.after(ms, () => resolve(undefined));
  });
  try {
    return await Promise.race([result, over]);
  } finally {
    takeBack();
  }
}
