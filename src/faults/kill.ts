import { z } from 'zod';
import { nowNs } from '../kernel/clock.ts';
import { untilInstant } from '../platform/process/until-instant.ts';
import type { ProcessFault } from './fault.ts';

/** kill -9, and a restart at the same address when it is lifted: the "downed service". */
export const definition: ProcessFault = {
  name: 'kill',
  title: 'kill -9, and a restart at the same address when it is lifted',
  state: 'killed',
  layer: 'process',
  restarts: true,
  options: z.strictObject({}),
  async apply(target, at) {
    const seen = await target.signal('SIGKILL', at);
    if (!seen) throw new Error(`${target.name} was not there to be killed`);
    return { injectedNs: seen.sentNs, observedNs: (await target.ended()) ?? nowNs() };
  },
  async lift(target, at, applied) {
    await untilInstant(at);
    await applied;
    const liftedNs = nowNs();
    await target.restart();
    return { liftedNs, readyNs: nowNs() };
  },
};
