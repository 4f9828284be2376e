import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BudgetRule, createRetryBudget } from '../../src/policies/retry-budget.ts';

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
  instants.filter((atMs) => atMs >= fromMs && atMs <= toMs).length;

describe('a retry budget', () => {
  it('lets no interval have more retries than ratio x requests in it and the TTL before, and the reserve', () => {
    fc.assert(
      fc.property(rule, traffic, (of, steps) => {
        const { requests, retries } = run(of, steps);
        // Only at a retry can an interval begin or end that has more of them than all that it holds.
        for (const [i, fromMs] of retries.entries()) {
          for (const toMs of retries.slice(i)) {
            const paid = of.ratio * within(requests, fromMs - of.ttlMs, toMs);
            const reserve = (of.reservePerS * (toMs - fromMs + of.ttlMs)) / 1000;
            expect(within(retries, fromMs, toMs)).toBeLessThanOrEqual(paid + reserve + 1e-6);
          }
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

  it('holds a full reserve at the start and after a long rest, no more, and fills it at its rate', () => {
    const budget = createRetryBudget({ ratio: 0, reservePerS: 10, ttlMs: 2000 }, START_MS);
    const payAll = (nowMs: number): number => {
      let n = 0;
      while (n < 100 && budget.pay(nowMs)) n++;
      return n;
    };
    expect(payAll(START_MS)).toBe(20);
    expect(payAll(START_MS + 500)).toBe(5);
    expect(payAll(START_MS + DAY_MS)).toBe(20);
  });

  it('forgets a credit when its time is over, not before', () => {
    const of = { ratio: 1, reservePerS: 0, ttlMs: 2000 };
    for (const [afterMs, paid] of [
      [2000, 1],
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
