/**
 * Bounds the retries of an edge, after Finagle's `RetryBudget`
 * (https://twitter.github.io/finagle/docs/com/twitter/finagle/service/RetryBudget.html; its defaults: 20 %, 10 per
 * second, 10 s). A request earns `ratio` retries and time earns `reservePerS` retries a second, each credit valid for
 * `ttlMs`. A retry takes one whole credit, the oldest first. The initial reserve is that of a full `ttlMs`. So in
 * every [a, b], in s:
 *
 *     retries in [a, b]  ≤  ratio × requests in [a − ttl, b]  +  reservePerS × (b − a + ttl)
 *
 * The bound is exact, because each retry is paid with credits of its own, made at most `ttlMs` before it. Finagle sums
 * over ten slices of the window, so its bound holds up to one slice.
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

export function createRetryBudget({ ratio, reservePerS, ttlMs }: BudgetRule, startMs: number): RetryBudget {
  const worth = Math.round(ratio * RETRY);
  // Thousandths per ms: the same number as retries per s.
  const reserve = createReserve(reservePerS, ttlMs, startMs);
  const deposits = createDeposits(ttlMs);
  const canPay = (nowMs: number): boolean => deposits.left(nowMs) + reserve.left(nowMs) >= RETRY;
  return {
    request: (nowMs) => deposits.add(nowMs, worth),
    canPay,
    pay(nowMs) {
      if (!canPay(nowMs)) return false;
      reserve.take(nowMs, RETRY - deposits.take(nowMs, RETRY));
      return true;
    },
  };
}

/** A steady flow of credits. Those of instants up to `usedMs` are used or expired. */
function createReserve(perMs: number, ttlMs: number, startMs: number) {
  let usedMs = startMs - ttlMs;
  const advance = (nowMs: number): void => {
    usedMs = Math.max(usedMs, nowMs - ttlMs);
  };
  return {
    left(nowMs: number): number {
      advance(nowMs);
      return perMs * (nowMs - usedMs);
    },
    take(nowMs: number, credits: number): void {
      advance(nowMs);
      if (credits > 0) usedMs += credits / perMs;
    },
  };
}

interface Deposit {
  readonly atMs: number;
  left: number;
}

/** Credits of requests, oldest first; those of one millisecond are one, so that there are never more than `ttlMs` + 2. */
function createDeposits(ttlMs: number) {
  const deposits: Deposit[] = [];
  let sum = 0;
  const forget = (nowMs: number): void => {
    const alive = deposits.findIndex(({ atMs, left }) => left > 0 && atMs >= nowMs - ttlMs);
    for (const { left } of deposits.splice(0, alive === -1 ? deposits.length : alive)) sum -= left;
  };
  return {
    add(nowMs: number, credits: number): void {
      forget(nowMs);
      // Rounded down, so that no credit is valid longer than stated.
      const atMs = Math.floor(nowMs);
      const last = deposits.at(-1);
      if (last?.atMs === atMs) last.left += credits;
      else deposits.push({ atMs, left: credits });
      sum += credits;
    },
    left(nowMs: number): number {
      forget(nowMs);
      return sum;
    },
    /** @returns how many of the requested credits there were */
    take(nowMs: number, wanted: number): number {
      forget(nowMs);
      let open = wanted;
      for (const deposit of deposits) {
        const part = Math.min(open, deposit.left);
        deposit.left -= part;
        open -= part;
        if (open === 0) break;
      }
      sum -= wanted - open;
      return wanted - open;
    },
  };
}
