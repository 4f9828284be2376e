import { setTimeout as sleep } from 'node:timers/promises';
import { statOf } from '../kernel/proc.ts';
import type { FaultTarget } from '../kernel/fault-target.ts';
import type { Fault } from './fault.ts';

/** SIGSTOP takes effect at once, but for a process deep in the kernel. */
const MOST_LOOKS = 1000;

/** SIGSTOP and SIGCONT: the process keeps its sockets and says nothing. */
export const freeze: Fault = {
  async apply(target) {
    await target.signal('SIGSTOP');
    await until(target, (state) => state === 'T');
  },
  async lift(target) {
    await target.signal('SIGCONT');
    await until(target, (state) => state !== 'T');
  },
};

/** Until the process is seen so; where it can't be seen (no /proc), the signal's word is taken. */
async function until(target: FaultTarget, isSo: (state: string) => boolean): Promise<void> {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const states = target.pids.map((pid) => statOf(pid)?.state);
    if (states.every((state) => state === undefined || isSo(state))) return;
    await sleep(1);
  }
  throw new Error(`Expected ${target.name} to follow its signal, found it did not within a second`);
}
