import { z } from 'zod';
import { NS_PER_S, type Nanoseconds } from '../../kernel/clock.ts';
import type { Effect } from '../logs/effect-log.ts';

/** A closed loop of a trial by its last second. Null: unknown, as calls failed. */
export const loopFiguresSchema = z.strictObject({
  /** Calls open at once: callers, each of which waits before it sends again. */
  open: z.number().int(),
  calls: z.number().int(),
  failed: z.number().int(),
  /** Replies or confirms per second, and the median time until them (us). */
  acceptedPerS: z.number().nullable(),
  responseP50Us: z.number().nullable(),
  /** Effects per second meanwhile, of the slowest subscriber. Null also where completion is not observed. */
  donePerS: z.number().nullable(),
});
export type LoopFigures = z.infer<typeof loopFiguresSchema>;

/** A closed loop from the caller's side. */
export interface ClosedLoopReport {
  readonly open: number;
  readonly calls: number;
  readonly failed: number;
  readonly perS: number;
  readonly p50Ns: Nanoseconds | null;
  readonly toNs: Nanoseconds;
}

/** @param subscribers whose effects are known; 0: completion is not observed */
export function loopFiguresOf(
  { open, calls, failed, perS, p50Ns, toNs }: ClosedLoopReport,
  effects: readonly Effect[],
  subscribers: number,
): LoopFigures {
  const isKnown = failed === 0 && p50Ns !== null;
  return {
    open,
    calls,
    failed,
    acceptedPerS: isKnown ? perS : null,
    responseP50Us: isKnown ? p50Ns / 1000 : null,
    donePerS: isKnown && subscribers > 0 ? doneIn(effects, subscribers, toNs) : null,
  };
}

function doneIn(effects: readonly Effect[], subscribers: number, toNs: Nanoseconds): number {
  const counts = Array.from({ length: subscribers }, () => 0);
  for (const { subscriber, completedNs } of effects)
    if (completedNs > toNs - NS_PER_S && completedNs <= toNs) counts[subscriber]!++;
  return Math.min(...counts);
}
