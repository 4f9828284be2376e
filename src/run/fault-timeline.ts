import { setTimeout as sleep } from 'node:timers/promises';
import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import type { FaultTarget } from '../kernel/fault-target.ts';
import { faultByName } from '../faults/faults.ts';
import type { FaultRecord } from '../results/record.ts';
import type { PlannedFault } from './spec.ts';

/**
 * Runs one planned fault against its target at its instants, and records what was really done
 * when: planned and observed are never derived from one another.
 */
export async function runFault(
  planned: PlannedFault,
  target: FaultTarget,
  startNs: number,
  signal: AbortSignal,
): Promise<FaultRecord> {
  const fault = faultByName(planned.do);
  if (fault.layer !== 'process') throw new RangeError(`Expected a fault of processes, found ${planned.do}`);
  const sinceStart = () => nowNs() - startNs;
  const record = {
    id: planned.id,
    do: planned.do,
    on: target.name,
    plannedAtNs: planned.atMs * NS_PER_MS,
    plannedForNs: planned.forMs * NS_PER_MS,
    planned: null,
    injected: null,
    observed: null,
  };
  await sleepUntil(startNs + record.plannedAtNs, signal);
  const injectedNs = sinceStart();
  await fault.apply(target);
  const observedNs = sinceStart();
  await sleepUntil(startNs + record.plannedAtNs + record.plannedForNs, signal);
  const liftedNs = sinceStart();
  await fault.lift(target);
  return { ...record, injectedNs, observedNs, liftedNs, readyNs: sinceStart() };
}

/** Sleeps to an instant of the monotonic clock, to a millisecond. */
export async function sleepUntil(instantNs: number, signal: AbortSignal): Promise<void> {
  const waitMs = (instantNs - nowNs()) / NS_PER_MS;
  if (waitMs > 0) await sleep(waitMs, undefined, { signal });
}
