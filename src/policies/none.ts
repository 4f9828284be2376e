import { z } from 'zod';
import type { PolicyDefinition } from './policy.ts';

/** The call itself. Equivalent to an empty list of policies, but explicit. */
export const definition: PolicyDefinition = {
  name: 'none',
  title: 'no policy: a single attempt',
  options: z.strictObject({}),
  mostAttempts: () => 1,
  wrap: (inner) => inner,
};
