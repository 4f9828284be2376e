/** A call that came to its end, as a breaker counts it. */
interface EndedCall {
  readonly isFailure: boolean;
  readonly isSlow: boolean;
}

/** Verdict on the counted calls: the reason to open in words, no reason, or too few calls. */
type WindowVerdict = { readonly exceeded: string } | 'below' | 'too few';

/** A breaker's memory of the calls of one state. Bounded, whatever the load. */
export interface BreakerWindow {
  /** @returns the verdict on the window, this call included */
  count(call: EndedCall, nowMs: number): WindowVerdict;
}

/** Shares in (0, 1]: reached is exceeded. */
export interface Limits {
  readonly failureRate: number;
  readonly slowCallRate: number;
  readonly slowCallMs: number;
  /** Fewer calls than this give no verdict. */
  readonly minimumCalls: number;
}

interface Sums {
  calls: number;
  failures: number;
  slow: number;
}

/** Number of equal slots of a time window: the oldest is dropped as a whole. */
const TIME_SLOTS = 10;

/** A number of failed or slow calls without a good one between them. */
export function consecutiveWindow(failures: number): BreakerWindow {
  let inARow = 0;
  return {
    count({ isFailure, isSlow }) {
      inARow = isFailure || isSlow ? inARow + 1 : 0;
      return inARow >= failures ? { exceeded: `${inARow} failures in a row` } : 'below';
    },
  };
}

/** The last `size` calls. */
export function countWindow(size: number, limits: Limits): BreakerWindow {
  const calls: EndedCall[] = [];
  const sums: Sums = { calls: 0, failures: 0, slow: 0 };
  // A window that never held more calls than its size would wait for ever.
  const reachable = { ...limits, minimumCalls: Math.min(size, limits.minimumCalls) };
  let next = 0;
  return {
    count(call) {
      const forgotten = calls[next];
      if (forgotten) add(sums, forgotten, -1);
      calls[next] = call;
      next = (next + 1) % size;
      add(sums, call, 1);
      return verdictOfWindow(sums, reachable);
    },
  };
}

/** The calls that ended in the last `TIME_SLOTS` slots of time, the present one included. */
export function timeWindow(windowMs: number, limits: Limits): BreakerWindow {
  const slots = Array.from({ length: TIME_SLOTS }, () => ({ at: -Infinity, calls: 0, failures: 0, slow: 0 }));
  return {
    count(call, nowMs) {
      const at = Math.floor((nowMs * TIME_SLOTS) / windowMs);
      const own = at % TIME_SLOTS;
      if (slots[own]!.at !== at) slots[own] = { at, calls: 0, failures: 0, slow: 0 };
      add(slots[own]!, call, 1);
      const sums: Sums = { calls: 0, failures: 0, slow: 0 };
      for (const slot of slots) {
        if (slot.at <= at - TIME_SLOTS) continue;
        sums.calls += slot.calls;
        sums.failures += slot.failures;
        sums.slow += slot.slow;
      }
      return verdictOfWindow(sums, limits);
    },
  };
}

function add(sums: Sums, { isFailure, isSlow }: EndedCall, sign: 1 | -1): void {
  sums.calls += sign;
  if (isFailure) sums.failures += sign;
  if (isSlow) sums.slow += sign;
}

function verdictOfWindow({ calls, failures, slow }: Sums, limits: Limits): WindowVerdict {
  if (calls < limits.minimumCalls) return 'too few';
  // Divided, as the limits were written: 0.07 × 100 is more than 7.
  if (failures / calls >= limits.failureRate) return { exceeded: `${failures} of ${calls} calls failed` };
  if (slow / calls >= limits.slowCallRate)
    return { exceeded: `${slow} of ${calls} calls took more than ${limits.slowCallMs} ms` };
  return 'below';
}
