/**
 * Bounds the retries of an edge: Finagle's `RetryBudget` over its leaky token bucket and `WindowedAdder`
 * (https://github.com/twitter/finagle/blob/develop/finagle-core/src/main/scala/com/twitter/finagle/service/RetryBudget.scala;
 * its defaults: 20 %, 10 per second, 10 s). The balance is the deposits less the withdrawals of the last `ttlMs`, kept in
 * ten slices, and a constant reserve of `reservePerS` retries for each second of `ttlMs`. A request deposits `ratio`
 * retries, a retry withdraws one whole. Under steady traffic, for any span of one `ttlMs` (up to one slice of ten):
 *
 *     retries  ≤  ratio × requests  +  reservePerS × ttl
 *
 * Slices begin with their first use, so that ten of them last up to twice `ttlMs` where traffic is sparse. A deposit
 * expires whether it was spent or not. A balance that is negative, because deposits expired before the
 * withdrawals they paid for, refuses retries until those expire too.
 */
export interface RetryBudget {
  /** A request (not a retry) begins. */
  request(nowMs: number): void;
  /** One retry could be paid for now. */
  canPay(nowMs: number): boolean;
  /** Pays for one retry that begins now. @returns false: there was not enough, and nothing was taken */
  pay(nowMs: number): boolean;
}

export interface BudgetRule {
  /** Retries per request; thousandths count. */
  readonly ratio: number;
  /** Retries per second that need no request. */
  readonly reservePerS: number;
  readonly ttlMs: number;
}

/** Thousandths of a retry, so that a fifth of a retry is a whole number. */
const RETRY = 1000;
/** Slices of the window, the one being filled included; the oldest is dropped as a whole. */
export const BUDGET_SLICES = 10;

export function createRetryBudget({ ratio, reservePerS, ttlMs }: BudgetRule, startMs: number): RetryBudget {
  const deposit = Math.round(ratio * RETRY);
  const reserve = Math.round((reservePerS * ttlMs * RETRY) / 1000);
  const balance = createWindowedSum(ttlMs / BUDGET_SLICES, startMs);
  const canPay = (nowMs: number): boolean => balance.sum(nowMs) + reserve >= RETRY;
  return {
    request: (nowMs) => balance.add(nowMs, deposit),
    canPay,
    pay(nowMs) {
      if (!canPay(nowMs)) return false;
      balance.add(nowMs, -RETRY);
      return true;
    },
  };
}

/** Sum over the last slices. A slice begins with the first use after the one before has passed, as Finagle's do. */
function createWindowedSum(sliceMs: number, startMs: number) {
  const closed: number[] = Array.from({ length: BUDGET_SLICES - 1 }, () => 0);
  let current = 0;
  let beganMs = startMs;
  const roll = (nowMs: number): void => {
    const passed = Math.floor((nowMs - beganMs) / sliceMs);
    if (passed === 0) return;
    const empty = Array.from({ length: Math.min(passed - 1, closed.length) }, () => 0);
    closed.push(current, ...empty);
    closed.splice(0, closed.length - (BUDGET_SLICES - 1));
    current = 0;
    beganMs = nowMs;
  };
  return {
    add(nowMs: number, amount: number): void {
      roll(nowMs);
      current += amount;
    },
    sum(nowMs: number): number {
      roll(nowMs);
      return closed.reduce((sum, slice) => sum + slice, current);
    },
  };
}
