import { setTimeout as sleep } from 'node:timers/promises';
import { statOf } from '../platform/process/proc.ts';
import type { FaultTarget } from '../kernel/fault-target.ts';
import { z } from 'zod';
import type { ProcessFault } from './fault.ts';

/** SIGSTOP takes effect at once, except for a process deep in the kernel. */
const MOST_POLLS = 1000;

/** SIGSTOP and SIGCONT: the process keeps its sockets and stays silent. */
export const definition: ProcessFault = {
  name: 'freeze',
  title: 'SIGSTOP, and SIGCONT when it is lifted: sockets stay open, without any reply',
  state: 'frozen',
  layer: 'process',
  options: z.strictObject({}),
  async apply(target) {
    await target.signal('SIGSTOP');
    await until(target, (state) => state === 'T');
  },
  async lift(target) {
    await target.signal('SIGCONT');
    await until(target, (state) => state !== 'T');
  },
  /** A frozen broker would block the removal of its queues. */
  release: (target) => target.signal('SIGCONT'),
};

/** Waits until the process is observed in this state; without /proc, the sent signal counts. */
async function until(target: FaultTarget, isSo: (state: string) => boolean): Promise<void> {
  for (let polls = 0; polls < MOST_POLLS; polls++) {
    const states = target.pids.map((pid) => statOf(pid)?.state);
    if (states.every((state) => state === undefined || isSo(state))) return;
    await sleep(1);
  }
  throw new Error(`${target.name} did not follow its signal within a second`);
}
