import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUDGET_SLICES, type BudgetRule, createRetryBudget } from '../../src/policies/retry-budget.ts';

const START_MS = 1000;
const DAY_MS = 86_400_000;

const rule: fc.Arbitrary<BudgetRule> = fc.record({
  ratio: fc.integer({ min: 0, max: 2500 }).map((thousandths) => thousandths / 1000),
  reservePerS: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 })),
  ttlMs: fc.integer({ min: 1000, max: 3000 }),
});
/** Traffic: steps in time, long pauses among them, each with a request or with retries that want to begin. */
const traffic = fc.array(
  fc.record({
    stepMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 200, noNaN: true }), fc.nat(5000)),
    retries: fc.nat(6),
  }),
  { maxLength: 120 },
);

interface Seen {
  readonly requests: number[];
  readonly retries: number[];
}

/** Instants, in ms, of the requests and of the retries that were paid for. */
function run(of: BudgetRule, steps: readonly { stepMs: number; retries: number }[]): Seen {
  const budget = createRetryBudget(of, START_MS);
  const seen: Seen = { requests: [], retries: [] };
  let nowMs = START_MS;
  for (const { stepMs, retries } of steps) {
    nowMs += stepMs;
    if (retries === 0) {
      budget.request(nowMs);
      seen.requests.push(nowMs);
    }
    for (let i = 0; i < retries; i++) {
      const couldPay = budget.canPay(nowMs);
      expect(budget.pay(nowMs)).toBe(couldPay);
      if (couldPay) seen.retries.push(nowMs);
    }
  }
  return seen;
}

const within = (instants: readonly number[], fromMs: number, toMs: number) =>
  instants.filter((atMs) => atMs > fromMs && atMs <= toMs).length;

/** Ten slices that begin with their first use; written from Finagle's documentation, with every event kept. */
function modelOf({ ratio, reservePerS, ttlMs }: BudgetRule) {
  const slices: { fromMs: number; amounts: number[] }[] = [{ fromMs: START_MS, amounts: [] }];
  let number = 0;
  const numbers = [0];
  const now = (atMs: number) => {
    const last = slices.at(-1)!;
    const passed = Math.floor((atMs - last.fromMs) / (ttlMs / BUDGET_SLICES));
    if (passed > 0) {
      number += passed;
      slices.push({ fromMs: atMs, amounts: [] });
      numbers.push(number);
    }
    return slices.at(-1)!;
  };
  const balance = (atMs: number) => {
    now(atMs);
    const alive = slices.filter((_, i) => numbers[i]! > number - BUDGET_SLICES);
    const sum = alive.flatMap(({ amounts }) => amounts).reduce((total, amount) => total + amount, 0);
    return sum + (reservePerS * ttlMs) / 1000;
  };
  return {
    request: (atMs: number) => void now(atMs).amounts.push(ratio),
    pay(atMs: number): boolean {
      if (balance(atMs) < 1 - 1e-6) return false;
      now(atMs).amounts.push(-1);
      return true;
    },
  };
}

describe('a retry budget', () => {
  it('has the balance of a model that keeps every deposit and withdrawal', () => {
    fc.assert(
      fc.property(rule, traffic, (of, steps) => {
        const [budget, model] = [createRetryBudget(of, START_MS), modelOf(of)];
        let nowMs = START_MS;
        for (const { stepMs, retries } of steps) {
          nowMs += stepMs;
          if (retries === 0) {
            budget.request(nowMs);
            model.request(nowMs);
          }
          for (let i = 0; i < retries; i++) expect(budget.pay(nowMs)).toBe(model.pay(nowMs));
        }
      }),
    );
  });

  it('lets no span of nine slices have more retries than ratio x requests in the two TTLs that end with it, and the reserve', () => {
    fc.assert(
      fc.property(rule, traffic, (of, steps) => {
        const { requests, retries } = run(of, steps);
        for (const toMs of retries) {
          const spanMs = (of.ttlMs * (BUDGET_SLICES - 1)) / BUDGET_SLICES;
          // Slices begin with their first use: ten of them last between one TTL and two.
          const paid = of.ratio * within(requests, toMs - 2 * of.ttlMs, toMs);
          const most = paid + (of.reservePerS * of.ttlMs) / 1000;
          expect(within(retries, toMs - spanMs, toMs)).toBeLessThanOrEqual(most + 1e-6);
        }
      }),
    );
  });

  it('refuses nothing that it has credit for: without a reserve and within one TTL, every whole credit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.nat(400), (thousandths, requests) => {
        const steps = Array.from({ length: requests }, () => ({ stepMs: 1, retries: 0 }));
        const wanting = Array.from({ length: 1000 }, () => ({ stepMs: 0, retries: 1 }));
        const of = { ratio: thousandths / 1000, reservePerS: 0, ttlMs: 10_000 };
        const whole = Math.floor((thousandths * requests) / 1000);
        expect(run(of, [...steps, ...wanting]).retries).toHaveLength(Math.min(1000, whole));
      }),
    );
  });

  it('has a constant reserve: used up, it comes back when its withdrawals expire, not before', () => {
    const budget = createRetryBudget({ ratio: 0, reservePerS: 10, ttlMs: 2000 }, START_MS);
    const payAll = (nowMs: number): number => {
      let n = 0;
      while (n < 100 && budget.pay(nowMs)) n++;
      return n;
    };
    expect(payAll(START_MS)).toBe(20);
    expect(payAll(START_MS + 1999)).toBe(0);
    expect(payAll(START_MS + 4000)).toBe(20);
    expect(payAll(START_MS + DAY_MS)).toBe(20);
  });

  it('lets a total outage at 100/s, three tries, after 10 s of health have as many retries as Finagle does', () => {
    const budget = createRetryBudget({ ratio: 0.2, reservePerS: 10, ttlMs: 10_000 }, START_MS);
    let retries = 0;
    for (let ms = 0; ms < 20_000; ms += 10) {
      const nowMs = START_MS + ms;
      budget.request(nowMs);
      if (ms < 10_000) continue;
      for (let i = 0; i < 2; i++) if (budget.pay(nowMs)) retries++;
    }
    // Deposits and reserve of one TTL, 0.2 × 1,000 + 100; what was saved before it expires as it goes on.
    expect(retries).toBeGreaterThanOrEqual(299);
    expect(retries).toBeLessThanOrEqual(320);
  });

  it('forgets a deposit when its slice has left the window, spent or not', () => {
    const of = { ratio: 1, reservePerS: 0, ttlMs: 2000 };
    for (const [afterMs, paid] of [
      [1799, 1],
      [2001, 0],
    ] as const) {
      const steps = [
        { stepMs: 0, retries: 0 },
        { stepMs: afterMs, retries: 1 },
      ];
      expect(run(of, steps).retries).toHaveLength(paid);
    }
  });
});
