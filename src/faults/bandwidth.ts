import { z } from 'zod';
import { wholeNumber } from '../kernel/bounded.ts';
import type { ConnectionFault } from './fault.ts';

const options = z.strictObject({
  bytesPerS: wholeNumber(100, 1_000_000_000).describe(
    'bytes per second, in each direction of each connection',
  ),
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
