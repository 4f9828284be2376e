import { z } from 'zod';
import type { ConnectionFault } from './fault.ts';

const options = z.strictObject({
  bytesPerS: z
    .number()
    .int()
    .min(100)
    .max(1_000_000_000)
    .describe('bytes per second, in each direction of each connection'),
});

/** A narrow link: a transport with few connections feels it sooner than one with many. */
export const definition: ConnectionFault<z.infer<typeof options>> = {
  name: 'bandwidth',
  title: 'limited throughput, in each direction of each connection',
  state: 'narrowed',
  layer: 'connection',
  options,
  linkState: ({ bytesPerS }) => ({ kind: 'bandwidth', bytesPerS }),
};
