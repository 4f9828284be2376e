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
