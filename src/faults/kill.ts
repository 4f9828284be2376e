import type { Fault } from './fault.ts';

/** kill -9, and a restart at the same address when it is lifted: the "downed service". */
export const kill: Fault = {
  async apply(target) {
    await target.signal('SIGKILL');
    await target.ended();
  },
  lift: (target) => target.restart(),
};
