import { NS_PER_MS, type Nanoseconds } from '../../kernel/clock.ts';

/** Two windows agree when their medians differ by at most this share of the greater one, or by this time. */
const STEADY_SHARE = 0.2;
const STEADY_NS = 0.1 * NS_PER_MS;

/**
 * Whether the system has warmed up (DESIGN 3, Fairness): the medians of the last two windows agree. Fewer than two
 * windows, or one without replies (NaN), prove nothing.
 */
export function isSteady(windowP50Ns: readonly Nanoseconds[]): boolean {
  const [before, last] = windowP50Ns.slice(-2);
  if (before === undefined || last === undefined) return false;
  const difference = Math.abs(last - before);
  return difference <= Math.max(STEADY_NS, STEADY_SHARE * Math.max(before, last));
}
