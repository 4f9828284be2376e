import { z } from 'zod';
import type { PolicyDefinition } from './policy.ts';

/** The call itself. An empty list of policies says the same; this one is for saying so. */
export const definition: PolicyDefinition = {
  name: 'none',
  title: 'nothing: one attempt, and what comes of it',
  options: z.strictObject({}),
  mostAttempts: () => 1,
  wrap: (inner) => inner,
};
