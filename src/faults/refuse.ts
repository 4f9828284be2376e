import { z } from 'zod';
import type { ConnectionFault } from './fault.ts';

/** Like a dead process: the system itself refuses every new connection. */
export const definition: ConnectionFault = {
  name: 'refuse',
  title: 'new connections are refused, open ones are closed',
  state: 'refusing connections',
  layer: 'connection',
  options: z.strictObject({}),
  linkState: () => ({ kind: 'refuse' }),
};
