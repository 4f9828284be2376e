import { NS_PER_MS } from '../../kernel/clock.ts';

/** A wake-up takes about this long to reach the loop, so it is sent ahead; the loop waits out the rest. */
export const AHEAD_NS = 0.06 * NS_PER_MS;

/** Cells shared by the generator's loop and the pacer's thread, in one Int32Array. */
export const CELL = {
  /** One of `MODE`; the pacer sleeps on it. */
  mode: 0,
  /** Arrivals before this one are started. */
  started: 1,
  /** 1 while the loop waits for replies and wants to be woken. */
  waiting: 2,
} as const;
export const CELLS = 3;

export const MODE = {
  /** No wake-up is needed: the pacer sleeps. */
  calm: 0,
  busy: 1,
  over: 2,
} as const;

/** One load to follow. */
export interface PacerTask {
  readonly cells: Int32Array<SharedArrayBuffer>;
  readonly instantsNs: Float64Array<SharedArrayBuffer>;
}
