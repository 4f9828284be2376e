import { nowNs } from '../../kernel/clock.ts';

/** Arrivals to be started, each at its instant or as soon after it as can be, never before. */
export interface PacedLoad {
  /** Instant of each arrival on the monotonic clock; never falls. In shared memory: another thread may watch. */
  readonly instantsNs: Float64Array<SharedArrayBuffer>;
  /** Starts arrival `index`; called once for each, in order. Must not throw. */
  fire(index: number): void;
  /** Calls that are open: while there are none, nothing can come in. */
  open(): number;
  /** The pacing sets this; whoever makes the calls calls it after each that ended. */
  onEnded?: () => void;
}

/** One way to wait for the next instant. Settles when all were started, or the signal ended it. */
export type Pace = (load: PacedLoad, signal: AbortSignal) => Promise<void>;

/** So many arrivals at most before replies get their turn: after a stall a backlog of thousands may be due. */
export const MAX_BURST = 32;

/**
 * Starts what is due from `next` on, at most a burst.
 * @returns the first arrival not yet started
 */
export function fireDue(load: PacedLoad, next: number): number {
  const { instantsNs } = load;
  const end = Math.min(instantsNs.length, next + MAX_BURST);
  let i = next;
  while (i < end && instantsNs[i]! <= nowNs()) load.fire(i++);
  return i;
}
