import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';

/** Seeded defects, and the trials that have them. */

export const DELAY_MS = 20;
/** The phase of the still trial in which messages are held. */
export const DELAYED = 'held';
const FREEZE_MS = 1400;

/** Only the last subscriber has defects: they move the last completion, and not the first. */
export function seededSubscriber({ subscribers }: ResolvedPattern): number {
  return subscribers - 1;
}

interface Common {
  readonly id: number;
  readonly pattern: ResolvedPattern;
  readonly seed: number;
}

/**
 * Hold and seeded defects in one trial, 40 ms between messages: the work of one is over before the next comes, over
 * every transport (kafkajs fetches again only when what it fetched is worked off). So no queue adds to the hold,
 * and the seeded defects are all that is out of order. Arrivals 40 to 119 are held; seeded defects move a median of 80 by
 * nothing.
 */
export function stillTrial(common: Common, logPath: string): TrialSpec {
  const [delayedFromMs, delayedToMs, endMs, ratePerS] = [1600, 4800, 6400, 25];
  const hold = { from: (delayedFromMs * ratePerS) / 1000, to: (delayedToMs * ratePerS) / 1000, ms: DELAY_MS };
  const seededDefects = {
    subscriber: seededSubscriber(common.pattern),
    hold,
    lose: [55],
    double: [75],
    reorder: [95],
    logPath,
  };
  const base = baseOf(common);
  return {
    ...base,
    system: { ...base.system, service: { ...SERVICE, seededDefects } },
    load: {
      ...base.load,
      shape: { shape: 'constant', ratePerS },
      durationMs: endMs,
      phases: [
        { name: 'free-1', fromMs: 0, toMs: delayedFromMs },
        { name: DELAYED, fromMs: delayedFromMs, toMs: delayedToMs },
        { name: 'free-2', fromMs: delayedToMs, toMs: endMs },
      ],
      drainMs: 2000,
    },
    warmUp: { ...base.warmUp, steadyState: null },
  };
}

/**
 * All services of the pattern frozen at once, or the generator. 200/s leaves a consumer that commits each message
 * time to catch up; 28 % of the arrivals are late, so that p90 lies among them.
 */
export function frozenTrial(common: Common, on: 'service' | 'generator'): TrialSpec {
  const durationMs = 5000;
  const base = baseOf(common);
  return {
    ...base,
    load: {
      ...base.load,
      shape: { shape: 'constant', ratePerS: 100 },
      durationMs,
      phases: [{ name: 'baseline', fromMs: 0, toMs: durationMs }],
    },
    faults: [{ id: 'freeze', do: 'freeze', on, atMs: 1500, forMs: FREEZE_MS, options: {} }],
  };
}

const SERVICE = { concurrency: 10, queue: 2000, processingMs: 0, seededDefects: null };

function baseOf({ id, seed, pattern }: Common) {
  return {
    id,
    seed,
    round: 1,
    kind: 'latency',
    variant: null,
    case: null,
    notes: [],
    system: { pattern, contract: 'users', service: SERVICE },
    load: {
      mix: [{ operation: 'createUser', share: 1 }],
      // One key for all: what must stay in order then stays in order over every transport.
      keys: 1,
      deadlineMs: 5000,
      drainMs: 10_000,
    },
    warmUp: {
      closedLoop: { calls: 3000, concurrency: 16, forMs: 0, mostMs: null },
      steadyState: { window: 15, maxWindows: 12 },
    },
    faults: [],
    measure: { countBytes: false, objectiveMs: null },
  };
}
