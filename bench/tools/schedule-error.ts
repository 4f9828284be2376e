/** A quantile of times, in ms. */
export interface QuantileMs {
  readonly quantile: number;
  readonly ms: number;
}

export const CHECKED_QUANTILES = [0.5, 0.9, 0.99, 0.999] as const;

/** Exact quantiles (nearest rank) of all values; empty where there are none. */
export function exactQuantiles(valuesMs: Iterable<number>): QuantileMs[] {
  const sorted = Float64Array.from(valuesMs).toSorted();
  const n = sorted.length;
  if (n === 0) return [];
  return CHECKED_QUANTILES.map((quantile) => ({ quantile, ms: sorted[Math.ceil(quantile * n) - 1]! }));
}

/**
 * How far arrivals at a constant rate came off their schedule, seen from where they arrive:
 * |arrival i − (t0 + i/rate)|. Nobody there knows when the schedule began, so t0 is what makes the mean
 * of it least: the median of the residuals. A constant delay on the way is no error, then.
 * @param stampsMs of the arrivals, in their order
 */
export function scheduleErrorMs(stampsMs: Float64Array, ratePerS: number): Float64Array {
  const stepMs = 1000 / ratePerS;
  const residuals = stampsMs.map((at, i) => at - i * stepMs);
  const startMs = residuals.toSorted()[residuals.length >> 1] ?? 0;
  return residuals.map((residual) => Math.abs(residual - startMs));
}

/**
 * Some tools send a request on each connection before their load begins: that is no part of its schedule, and at low
 * rates it would be all of p99. Told by what came beyond what was due; of that at most one for each connection.
 */
export function withoutOpening(stampsMs: Float64Array, due: number, connections: number): Float64Array {
  return stampsMs.subarray(Math.min(connections, Math.max(0, stampsMs.length - due)));
}

/**
 * What a caller would wait at this quantile where a server that answers at once stands still for
 * `frozenMs` of `spanMs`, under arrivals at a constant rate: those of the freeze wait for what is left of
 * it, so the waits fall evenly from `frozenMs` to 0. What the server then needs to catch up comes on top.
 */
export function frozenQuantileMs(quantile: number, frozenMs: number, spanMs: number): number {
  return Math.max(0, frozenMs - (1 - quantile) * spanMs);
}
