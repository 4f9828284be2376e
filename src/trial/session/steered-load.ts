import { NS_PER_MS } from '../../kernel/clock.ts';
import type { LoadShape } from '../../kernel/load-shape.ts';
import { createSchedule, type Schedule } from '../../measure/schedule.ts';
import { firstFrom } from '../../plan/fault-window.ts';

/** Time for an order to reach the generator before the arrivals that it changes. */
const LEAD_MS = 200;

/** A load that is changed while it lasts. What is due before a change stays as it was. */
export interface SteeredLoad {
  /** Always the current one. */
  readonly schedule: Schedule;
  /** The soonest whole ms from which a change may apply: the generators await no later arrival. */
  soonestMs(sinceMs: number): number;
  steer(load: LoadShape, durationMs: number): void;
}

/** @param shards generators that share it, each of which awaits one arrival */
export function createSteeredLoad(
  load: LoadShape,
  durationMs: number,
  { seed, shards }: { readonly seed: number; readonly shards: number },
): SteeredLoad {
  let current = createSchedule(load, durationMs, seed);
  const schedule: Schedule = {
    get count() {
      return current.count;
    },
    intendedNs: (index) => current.intendedNs(index),
  };
  return {
    schedule,
    soonestMs(sinceMs) {
      const leadMs = Math.ceil(sinceMs + LEAD_MS);
      const awaited = firstFrom(current, leadMs * NS_PER_MS) + shards;
      return awaited < current.count ? Math.ceil(current.intendedNs(awaited) / NS_PER_MS) : leadMs;
    },
    steer: (shape, lengthMs) => void (current = createSchedule(shape, lengthMs, seed)),
  };
}
