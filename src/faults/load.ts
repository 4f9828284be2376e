import { z } from 'zod';
import type { LoadFault } from './fault.ts';

const options = z.strictObject({
  factor: z
    .number()
    .min(0.01)
    .max(100)
    .describe('arrivals per second are multiplied by it: 5 a spike, 0.5 shedding half'),
});

/** More or fewer arrivals for a while: a spike, or load that is shed. */
export const definition: LoadFault<z.infer<typeof options>> = {
  name: 'load',
  title: 'arrivals come faster, or load is shed',
  state: 'under another load',
  layer: 'load',
  options,
  factor: ({ factor }) => factor,
};
