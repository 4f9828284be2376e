import { z } from 'zod';
import type { PolicyFault } from './fault.ts';

const options = z.strictObject({
  use: z
    .array(z.string().min(1).max(60))
    .max(10)
    .default([])
    .describe("stacks in place of the edge's own policies, by name; none: calls without any policy"),
});

/**
 * Policies switched on or off while the load goes on. The edge's own stack keeps its memory meanwhile; each switch begins
 * with an empty one.
 */
export const definition: PolicyFault<z.infer<typeof options>> = {
  name: 'policies',
  title: "the edge's caller uses other policies, or none",
  state: 'under other policies',
  layer: 'policy',
  options,
  stacks: ({ use }) => use,
};
