import { z } from 'zod';
import type { ConnectionFault } from './fault.ts';

/** As where a process is gone: the system itself says no to every new connection. */
export const definition: ConnectionFault = {
  name: 'refuse',
  title: 'new connections are refused, open ones are closed',
  state: 'refusing connections',
  layer: 'connection',
  options: z.strictObject({}),
  linkState: () => ({ kind: 'refuse' }),
};
