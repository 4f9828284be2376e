import { setTimeout as sleep } from 'node:timers/promises';
import { NS_PER_MS, nowNs } from '../../kernel/clock.ts';
import type { FaultRecord } from '../../record/record.ts';
import type { FaultActor } from './fault-actor.ts';
import type { PlannedFault } from '../../plan/kinds/timeline/timeline.ts';

/** Record of a fault before it was run. */
export function plannedRecord(planned: PlannedFault, on: string): FaultRecord {
  return {
    id: planned.id,
    do: planned.do,
    on,
    plannedAtNs: planned.atMs * NS_PER_MS,
    plannedForNs: planned.forMs * NS_PER_MS,
    injectedNs: null,
    observedNs: null,
    liftedNs: null,
    readyNs: null,
    planned: null,
    injected: null,
    observed: null,
  };
}

/**
 * Runs one planned fault at its instants, and records the actual ones: planned and observed are never derived from each
 * other.
 */
export async function runFault(
  planned: PlannedFault,
  actor: FaultActor,
  startNs: number,
  signal: AbortSignal,
): Promise<FaultRecord> {
  const sinceStart = () => nowNs() - startNs;
  const record = plannedRecord(planned, actor.name);
  await sleepUntil(startNs + record.plannedAtNs, signal);
  const injectedNs = sinceStart();
  let observedNs: number;
  try {
    await actor.apply();
    observedNs = sinceStart();
    await sleepUntil(startNs + record.plannedAtNs + record.plannedForNs, signal);
  } catch (ended) {
    await actor.release?.();
    throw ended;
  }
  const liftedNs = sinceStart();
  await actor.lift();
  const { injected } = actor;
  return { ...record, injectedNs, observedNs, liftedNs, readyNs: sinceStart(), injected };
}

/** Sleeps until an instant of the monotonic clock, to a millisecond. */
async function sleepUntil(instantNs: number, signal: AbortSignal): Promise<void> {
  const waitMs = (instantNs - nowNs()) / NS_PER_MS;
  if (waitMs > 0) await sleep(waitMs, undefined, { signal });
}
