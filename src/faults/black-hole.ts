import { z } from 'zod';
import type { ConnectionFault } from './fault.ts';

/** Like an unplugged cable: neither end is notified. Bytes sent meanwhile arrive, in order, when it is lifted. */
export const definition: ConnectionFault = {
  name: 'black-hole',
  title: 'connections stay open, but nothing passes; new ones are accepted too',
  state: 'a black hole',
  layer: 'connection',
  options: z.strictObject({}),
  linkState: () => ({ kind: 'black-hole' }),
};
