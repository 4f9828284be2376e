import type { FaultBegin, ProcessFault } from '../../../src/faults/fault.ts';
import type { FaultTarget } from '../../../src/kernel/fault-target.ts';

const NOW = { atNs: 0, cancel: new AbortController().signal };

/** Begins a fault at once, as no trial does. */
export async function applyNow(fault: ProcessFault, target: FaultTarget): Promise<void> {
  await fault.apply(target, NOW);
}

/** Lifts a fault at once. */
export async function liftNow(fault: ProcessFault, target: FaultTarget): Promise<void> {
  const applied: FaultBegin = { injectedNs: 0, observedNs: 0 };
  await fault.lift(target, NOW, Promise.resolve(applied));
}
