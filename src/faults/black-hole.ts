import { z } from 'zod';
import type { ConnectionFault } from './fault.ts';

/** Like an unplugged cable: neither end is notified. Bytes sent meanwhile arrive, in order, when it is lifted. */
export const definition: ConnectionFault = {
  name: 'black-hole',
  title: 'connections stay, nothing passes either way; new ones are taken, and starve',
  state: 'a black hole',
  layer: 'connection',
  options: z.strictObject({}),
  linkState: () => ({ kind: 'black-hole' }),
};
