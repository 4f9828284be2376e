import { NS_PER_MS } from '../../kernel/clock.ts';

/** A waking takes about so long to reach the loop, so it is sent ahead; the loop waits out what is left. */
export const AHEAD_NS = 0.06 * NS_PER_MS;

/** What the generator's loop and the pacer's thread share: places in one Int32Array. */
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
  /** Nobody needs waking: the pacer sleeps. */
  calm: 0,
  busy: 1,
  over: 2,
} as const;

/** One load to follow. */
export interface PacerTask {
  readonly cells: Int32Array<SharedArrayBuffer>;
  readonly instantsNs: Float64Array<SharedArrayBuffer>;
}
