import { NS_PER_S, type Nanoseconds } from '../../kernel/clock.ts';
import { median } from '../stats/median.ts';
import type { Effect } from '../logs/effect-log.ts';

/** The closed-loop warm-up from the caller's side. */
export interface Probe {
  readonly failed: number;
  /** Replies per second in its last second. */
  readonly perS: number;
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
}

/**
 * Rates of the closed loop (per second): at the caller, and by the effect log. Null = unknown. The waits of its callers
 * bound them: they are no capacity.
 */
export interface ClosedLoopCapacity {
  readonly acknowledgedPerS: number | null;
  readonly donePerS: number | null;
}

export const UNKNOWN_CAPACITY: ClosedLoopCapacity = { acknowledgedPerS: null, donePerS: null };

/** The lowest of these rates that are known; null where none is. */
export function weakestPerS(...capacities: readonly ClosedLoopCapacity[]): number | null {
  const known = capacities
    .flatMap(({ acknowledgedPerS, donePerS: done }) => [acknowledgedPerS, done])
    .filter((perS) => perS !== null && perS > 0);
  return known.length === 0 ? null : Math.min(...known.map(Number));
}

/**
 * The median of several trials' closed loops, each by the lowest of its rates; null where none is known. The first trial of a
 * run is often the coldest, so that the least one would not be the pattern's.
 */
export function medianCapacityPerS(capacities: readonly ClosedLoopCapacity[]): number | null {
  const known = capacities.flatMap((one) => weakestPerS(one) ?? []);
  return known.length === 0 ? null : median(known);
}

/** A shorter probe has no whole last second: its rate is that of starting up. */
const LEAST_NS = NS_PER_S;
/** Effects of a probe of one second never span a whole one: the first comes after its start, the last before its end. */
const DONE_WINDOW_NS = 0.75 * NS_PER_S;

/**
 * The rate that the probe observed: unknown unless it lasted and nothing failed (docs/decisions/0001). A queue
 * accepts more than its consumers do, and they finish the rest after the probe's end: so completions have an end of
 * their own.
 */
export function capacityOf(probe: Probe | undefined, effects: Iterable<Effect>): ClosedLoopCapacity {
  if (!probe || probe.failed > 0 || probe.toNs - probe.fromNs < LEAST_NS) return UNKNOWN_CAPACITY;
  return { acknowledgedPerS: probe.perS, donePerS: donePerS(effects) };
}

/**
 * Warm-up effects per second, over the window that ends with the last one. The slowest subscriber counts, as work is
 * done when the last one did it. Null where any subscriber's effects do not span the window.
 */
function donePerS(effects: Iterable<Effect>): number | null {
  const instants = new Map<number, Nanoseconds[]>();
  for (const { stage, subscriber, completedNs } of effects) {
    if (stage !== 'warm-up') continue;
    const own = instants.get(subscriber);
    if (own) own.push(completedNs);
    else instants.set(subscriber, [completedNs]);
  }
  const rates = [...instants.values()].map(rateAtEnd);
  return rates.length === 0 || rates.includes(null) ? null : Math.min(...rates.map(Number));
}

function rateAtEnd(instants: readonly Nanoseconds[]): number | null {
  let firstNs = Infinity;
  let lastNs = -Infinity;
  for (const ns of instants) {
    firstNs = Math.min(firstNs, ns);
    lastNs = Math.max(lastNs, ns);
  }
  if (lastNs - firstNs < DONE_WINDOW_NS) return null;
  return (instants.filter((ns) => ns > lastNs - DONE_WINDOW_NS).length * NS_PER_S) / DONE_WINDOW_NS;
}
