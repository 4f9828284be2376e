import { z } from 'zod';
import { boundedNumber } from '../kernel/bounded.ts';
import { NS_PER_MS } from '../kernel/clock.ts';
import type { Message, SendOptions } from '../kernel/transport.ts';
import { timedOut } from './failures.ts';
import { sendWithin } from './limited.ts';
import type { PolicyDefinition } from './policy.ts';

const options = z.strictObject({
  ms: boundedNumber(1, 600_000)
    .nullable()
    .default(null)
    .describe("time from now, in ms; null = only the rest of the caller's deadline"),
});
type Options = z.infer<typeof options>;

/**
 * Propagates the time until which a caller waits: the earliest of the caller's deadline (in the message's envelope), an
 * outer `deadline`'s, and `ms` from now.
 * Expired work is not begun: `timeout`, with the promise that nothing happened. Otherwise the service gets the
 * deadline, which it checks before it begins, and the wait ends with it. Without any deadline it does nothing.
 * Like gRPC's deadline propagation (https://grpc.io/docs/guides/deadlines/), but as an instant, since all processes
 * share one clock here.
 */
export const definition: PolicyDefinition<Options> = {
  name: 'deadline',
  title: 'passes the deadline to the service, and begins nothing after it',
  options,
  mostAttempts: () => 1,
  wrap(inner, { ms }, context) {
    const { scheduler, emit } = context;
    return async (message, given = {}) => {
      const nowNs = Math.ceil(scheduler.nowMs() * NS_PER_MS);
      const deadlineNs = earliest(
        message,
        given,
        ms === null ? Infinity : nowNs + Math.floor(ms * NS_PER_MS),
      );
      if (deadlineNs === Infinity) return inner(message, given);
      if (nowNs >= deadlineNs) {
        const cause = 'the deadline passed before it was sent';
        emit({ policy: 'deadline', what: 'expired', cause, sequence: message.envelope.sequence });
        return timedOut(cause, true);
      }
      const limit = {
        policy: 'deadline',
        ms: (deadlineNs - nowNs) / NS_PER_MS,
        cause: 'no answer before the deadline',
      };
      return sendWithin(limit, inner, message, { ...given, deadlineNs }, context);
    };
  },
};

/** 0 means none, as in the envelope. */
function earliest({ envelope }: Message, given: SendOptions, ownNs: number): number {
  return Math.min(envelope.deadlineNs || Infinity, given.deadlineNs || Infinity, ownNs);
}
