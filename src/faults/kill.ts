import { z } from 'zod';
import type { ProcessFault } from './fault.ts';

/** kill -9, and a restart at the same address when it is lifted: the "downed service". */
export const definition: ProcessFault = {
  name: 'kill',
  title: 'kill -9, and a restart at the same address when it is lifted',
  state: 'killed',
  layer: 'process',
  options: z.strictObject({}),
  async apply(target) {
    await target.signal('SIGKILL');
    await target.ended();
  },
  lift: (target) => target.restart(),
};
