import { z } from 'zod';
import { sendWithin } from './limited.ts';
import type { PolicyDefinition } from './policy.ts';

const options = z.strictObject({
  ms: z.number().min(1).max(600_000).default(1000).describe('longest wait for a reply, in ms'),
});
type Options = z.infer<typeof options>;

/**
 * Ends a wait after a limit, by its caller's clock alone: the service learns nothing. The request may still be done:
 * the outcome is `timeout`. Outside of a `retry` it bounds all attempts together, inside of it each of them.
 */
export const definition: PolicyDefinition<Options> = {
  name: 'timeout',
  title: 'ends a wait after a time limit',
  options,
  mostAttempts: () => 1,
  wrap(inner, { ms }, context) {
    const limit = { policy: 'timeout', ms, cause: `no answer within ${ms} ms` };
    return (message, given = {}) => sendWithin(limit, inner, message, given, context);
  },
};
