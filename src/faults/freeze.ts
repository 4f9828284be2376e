import { z } from 'zod';
import type { ProcessFault } from './fault.ts';

/** SIGSTOP and SIGCONT: the process keeps its sockets and stays silent. */
export const definition: ProcessFault = {
  name: 'freeze',
  title: 'SIGSTOP, and SIGCONT when it is lifted: sockets stay open, without any reply',
  state: 'frozen',
  layer: 'process',
  options: z.strictObject({}),
  async apply(target, at) {
    const seen = await target.signal('SIGSTOP', at);
    if (!seen) throw new Error(`${target.name} did not follow its signal within a second`);
    return { injectedNs: seen.sentNs, observedNs: seen.seenNs };
  },
  async lift(target, at) {
    const seen = await target.signal('SIGCONT', at);
    if (!seen) throw new Error(`${target.name} did not continue within a second`);
    if (!seen.wasStopped) throw new Error(`${target.name} was continued by somebody else before its end`);
    return { liftedNs: seen.sentNs, readyNs: seen.seenNs };
  },
  /** A frozen broker would block the removal of its queues. */
  release: async (target) => void (await target.signal('SIGCONT')),
};
