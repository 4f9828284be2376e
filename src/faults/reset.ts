import { z } from 'zod';
import type { ConnectionFault } from './fault.ts';

/** Like a firewall or load balancer that lost its table: TCP's RST, to both ends. */
export const definition: ConnectionFault = {
  name: 'reset',
  title: 'connections are reset (RST), open and new ones',
  state: 'resetting connections',
  layer: 'connection',
  options: z.strictObject({}),
  linkState: () => ({ kind: 'reset' }),
};
