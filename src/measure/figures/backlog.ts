import type { Nanoseconds } from '../../kernel/clock.ts';
import type { ServiceFigures } from '../hops/hop-figures.ts';

/** One arrival's work for a service: since when it was accepted, and when it was done (NaN: never). */
export interface Accepted {
  readonly acceptedNs: Nanoseconds;
  readonly doneNs: Nanoseconds;
}

interface BacklogInstants {
  /** Of the last arrival. */
  readonly lastDueNs: Nanoseconds;
  /** Origin of the result's instants. */
  readonly startNs: Nanoseconds;
  /** Of the first fault's injection; null: there was none. */
  readonly faultNs: Nanoseconds | null;
}

/**
 * Work accepted and not yet done: its peak, what a fault found of it, the rest, and the time to drain. Work done before
 * its confirm arrived is never part of it.
 */
export function backlogOf(
  work: readonly Accepted[],
  { lastDueNs, startNs, faultNs }: BacklogInstants,
): NonNullable<ServiceFigures['backlog']> {
  const open = work.filter(({ acceptedNs, doneNs }) => !(doneNs <= acceptedNs));
  const steps = open
    .flatMap(({ acceptedNs, doneNs }) => [
      { atNs: acceptedNs, by: 1 },
      { atNs: doneNs, by: -1 },
    ])
    .filter(({ atNs }) => !Number.isNaN(atNs))
    // An end at an instant counts before a begin at the same one.
    .toSorted((a, b) => a.atNs - b.atNs || a.by - b.by);
  let [now, peak, peakAtNs] = [0, 0, 0];
  for (const { atNs, by } of steps) {
    now += by;
    if (now > peak) [peak, peakAtNs] = [now, atNs - startNs];
  }
  const lastDoneNs = work.reduce((last, { doneNs }) => Math.max(last, doneNs || 0), 0);
  const drainNs = now > 0 ? null : Math.max(0, lastDoneNs - lastDueNs);
  const atFirstFault = faultNs === null ? null : open.filter((one) => isOpenAt(one, faultNs)).length;
  return { peak, peakAtNs, atFirstFault, left: now, drainNs };
}

/** Work that is never done stays open. */
function isOpenAt({ acceptedNs, doneNs }: Accepted, atNs: Nanoseconds): boolean {
  return acceptedNs <= atNs && !(doneNs <= atNs);
}
