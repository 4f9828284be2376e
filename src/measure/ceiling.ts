import { NS_PER_S, type Nanoseconds } from '../kernel/clock.ts';
import type { Effect } from './effect-log.ts';

/** The closed-loop warm-up, as the caller saw it. */
export interface Probe {
  readonly failed: number;
  /** Answered per second in its last second. */
  readonly perS: number;
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
}

/** Highest rates seen (per second): as the caller saw it, and by the effect log. Null = unknown. */
export interface Ceiling {
  readonly acknowledgedPerS: number | null;
  readonly donePerS: number | null;
}

export const UNKNOWN_CEILING: Ceiling = { acknowledgedPerS: null, donePerS: null };

/** A shorter probe has no whole last second: its rate is that of starting up. */
const LEAST_NS = NS_PER_S;

/**
 * What the probe says about the greatest rate: nothing unless it lasted and nothing failed in it
 * (docs/decisions/0001). A queue takes more than its consumers do, and they work the rest off after the
 * probe's end: so what was done has a last second of its own.
 */
export function ceilingOf(probe: Probe | undefined, effects: Iterable<Effect>): Ceiling {
  if (!probe || probe.failed > 0 || probe.toNs - probe.fromNs < LEAST_NS) return UNKNOWN_CEILING;
  return { acknowledgedPerS: probe.perS, donePerS: donePerS(effects) };
}

/** Warm-up effects in the second that ends with the last one; null where they don't span a second. */
function donePerS(effects: Iterable<Effect>): number | null {
  const instants: Nanoseconds[] = [];
  let firstNs = Infinity;
  let lastNs = -Infinity;
  for (const { stage, completedNs } of effects) {
    if (stage !== 'warm-up') continue;
    instants.push(completedNs);
    firstNs = Math.min(firstNs, completedNs);
    lastNs = Math.max(lastNs, completedNs);
  }
  // Written so that no effect at all (-Infinity) is too little as well.
  if (!(lastNs - firstNs >= LEAST_NS)) return null;
  return instants.filter((ns) => ns > lastNs - LEAST_NS).length;
}
