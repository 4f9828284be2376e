import type { Nanoseconds } from '../../kernel/clock.ts';
import type { ServiceFigures } from '../hops/hop-figures.ts';

/** One arrival's work for a service: since when it was accepted, and when it was done (NaN: never). */
export interface Accepted {
  readonly acceptedNs: Nanoseconds;
  readonly doneNs: Nanoseconds;
}

/**
 * What was accepted and not yet done: its peak, what was left, and how long it took to drain. What was done before
 * its confirm came was never part of it.
 * @param lastDueNs instant of the last arrival
 * @param startNs instants are told from it
 */
export function backlogOf(
  work: readonly Accepted[],
  lastDueNs: Nanoseconds,
  startNs: Nanoseconds,
): NonNullable<ServiceFigures['backlog']> {
  const open = work.filter(({ acceptedNs, doneNs }) => !(doneNs <= acceptedNs));
  const steps = open
    .flatMap(({ acceptedNs, doneNs }) => [
      { atNs: acceptedNs, by: 1 },
      { atNs: doneNs, by: -1 },
    ])
    .filter(({ atNs }) => !Number.isNaN(atNs))
    // What ends at an instant is gone before what begins at it.
    .toSorted((a, b) => a.atNs - b.atNs || a.by - b.by);
  let [now, peak, peakAtNs] = [0, 0, 0];
  for (const { atNs, by } of steps) {
    now += by;
    if (now > peak) [peak, peakAtNs] = [now, atNs - startNs];
  }
  const lastDoneNs = work.reduce((last, { doneNs }) => Math.max(last, doneNs || 0), 0);
  const drainNs = now > 0 ? null : Math.max(0, lastDoneNs - lastDueNs);
  return { peak, peakAtNs, left: now, drainNs };
}
