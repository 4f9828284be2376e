import { z } from 'zod';
import type { Failure } from '../kernel/transport.ts';
import type { PolicyDefinition } from './policy.ts';

const options = z.strictObject({
  ms: z.number().min(1).max(600_000).default(1000).describe('longest wait for an answer, in ms'),
});
type Options = z.infer<typeof options>;

/** Ends a wait after so long. What was sent may still be done: the outcome is `timeout`. */
export const timeout: PolicyDefinition<Options> = {
  name: 'timeout',
  title: 'ends a wait after so long',
  options,
  mostAttempts: () => 1,
  wrap:
    (inner, { ms }, { scheduler, tell }) =>
    async (message, given = {}) => {
      const ended = new AbortController();
      const { sequence } = message.envelope;
      const expire = (): void => {
        tell({ policy: 'timeout', what: 'expired', cause: `no answer within ${ms} ms`, sequence });
        ended.abort();
      };
      const takeBack = scheduler.after(ms, expire);
      const signal = given.signal ? AbortSignal.any([given.signal, ended.signal]) : ended.signal;
      try {
        const result = await inner(message, { ...given, signal });
        return ended.signal.aborted && result.kind !== 'failure' ? expired(ms) : result;
      } finally {
        takeBack();
      }
    },
};

function expired(ms: number): Failure {
  return {
    kind: 'failure',
    outcome: 'timeout',
    noEffect: false,
    status: 0,
    detail: `no answer within ${ms} ms`,
  };
}
