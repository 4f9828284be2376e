import { NS_PER_MS, type Nanoseconds } from '../../kernel/clock.ts';
import { medianSlope } from '../stats/trend.ts';

/** Windows that are looked at: with fewer, a fall cannot be told from scatter. */
export const STEADY_WINDOWS = 8;
/** Their medians may fall by at most this share, along the median slope from the first of them to the last. */
const FALL_SHARE = 0.1;
/** The last two windows agree when their medians differ by at most this share of the greater one, or by this time. */
const STEADY_SHARE = 0.2;
const STEADY_NS = 0.1 * NS_PER_MS;

/**
 * Whether the system has warmed up (DESIGN 3, Fairness): over the last windows the medians do not fall any more, and the
 * last two agree. Fewer windows, or one without replies (NaN), prove nothing. How often this is wrong is simulated in
 * test/measure/validity/steady-state.test.ts.
 */
export function isSteady(windowP50Ns: readonly Nanoseconds[]): boolean {
  const recent = windowP50Ns.slice(-STEADY_WINDOWS);
  if (recent.length < STEADY_WINDOWS || recent.some(Number.isNaN)) return false;
  return !isFalling(recent) && isAgreed(recent.at(-2)!, recent.at(-1)!);
}

function isFalling(windows: readonly Nanoseconds[]): boolean {
  const slope = medianSlope(windows.map((ns, at) => ({ at, value: Math.log(ns) })));
  return slope * (windows.length - 1) < Math.log1p(-FALL_SHARE);
}

function isAgreed(before: Nanoseconds, last: Nanoseconds): boolean {
  return Math.abs(last - before) <= Math.max(STEADY_NS, STEADY_SHARE * Math.max(before, last));
}
