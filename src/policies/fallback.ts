import { z } from 'zod';
import type { PolicyDefinition } from './policy.ts';

/**
 * Continues without the service: every failure is replaced by an empty reply of our own, marked as such
 * (`Reply.fallback`), and the caller counts as degraded. Not after the caller ended its wait, as the reply would be
 * lost.
 */
export const definition: PolicyDefinition = {
  name: 'fallback',
  title: 'replies in place of a failed service',
  options: z.strictObject({}),
  mostAttempts: () => 1,
  wrap:
    (inner, _options, { emit }) =>
    async (message, given = {}) => {
      const result = await inner(message, given);
      if (result.kind !== 'failure' || given.signal?.aborted) return result;
      const { sequence } = message.envelope;
      emit({ policy: 'fallback', what: 'fell-back', cause: result.outcome, sequence });
      return { kind: 'reply', body: undefined, fallback: true };
    },
};
