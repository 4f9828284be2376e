/** Integer nanoseconds. Beyond 2^53 ns (104 days of uptime) the step is 2 ns, far below what is measured. */
export type Nanoseconds = number;

/** A source of monotonic time, an argument wherever time matters so that tests can run it by hand. */
export interface Clock {
  /** Nanoseconds since an arbitrary instant, the same one for every process of this host. */
  nowNs(): Nanoseconds;
}

/** CLOCK_MONOTONIC: comparable across the processes of one Linux host. */
export const monotonicClock: Clock = { nowNs };

/** Now on the monotonic clock, in nanoseconds. */
export function nowNs(): Nanoseconds {
  return Number(process.hrtime.bigint());
}

export const NS_PER_MS = 1e6;
export const NS_PER_S = 1e9;
