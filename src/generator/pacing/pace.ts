import { nowNs } from '../../kernel/clock.ts';

/** Arrivals to be started, each at its instant or as soon after it as can be, never before. */
export interface PacedLoad {
  /**
   * Instant of each arrival on the monotonic clock; never decreases; Infinity: there is none. In shared memory, as another
   * thread may watch. Those after the next one may change.
   */
  readonly instantsNs: Float64Array<SharedArrayBuffer>;
  /** Starts arrival `index`; called once for each, in order. Must not throw. */
  fire(index: number): void;
  /** Number of open calls: at 0, nothing can arrive. */
  open(): number;
  /** Set by the pacing; called after each call that ended. */
  onEnded?: () => void;
}

/** Whether arrival `next` is beyond the last one: a load may have memory for more than it has. */
export function isOver({ instantsNs }: Pick<PacedLoad, 'instantsNs'>, next: number): boolean {
  return (instantsNs[next] ?? Infinity) === Infinity;
}

/** A method of waiting for the next instant. Settles when all were started, or the signal ended it. */
export type Pace = (load: PacedLoad, signal: AbortSignal) => Promise<void>;

/** Most arrivals in a row before replies get their turn: after a stall thousands may be due. */
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
