import { z } from 'zod';
import { boundedNumber } from '../kernel/bounded.ts';
import type { LoadFault } from './fault.ts';

const options = z.strictObject({
  factor: boundedNumber(0.01, 100).describe(
    'multiplier of the arrivals per second: 5 is a spike, 0.5 sheds half',
  ),
});

/** More or fewer arrivals for a while: a spike, or load that is shed. */
export const definition: LoadFault<z.infer<typeof options>> = {
  name: 'load',
  title: 'multiplies the arrival rate: a spike, or load shedding',
  state: 'under another load',
  layer: 'load',
  options,
  factor: ({ factor }) => factor,
};
