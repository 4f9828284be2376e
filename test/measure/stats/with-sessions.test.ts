import { expect, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import { ratioInterval } from '../../../src/measure/stats/ratio.ts';
import { ratioOverSessions } from '../../../src/measure/stats/with-sessions.ts';

const NONE = { deviation: 0, degrees: 4 };
const ROUNDS = [1.6, 1.65, 1.62, 1.7, 1.58];

test('without scatter between sessions it is the interval of the rounds', () => {
  const [alone, of] = [ratioInterval(ROUNDS, 0.95)!, ratioOverSessions(ROUNDS, 0.95, NONE)!];
  for (const key of ['ratio', 'low', 'high'] as const) expect(of[key]).toBeCloseTo(alone[key], 9);
  expect(ratioOverSessions([1.6], 0.95, NONE)).toBeUndefined();
});

test('with it the interval is wider, however many rounds there are', () => {
  const between = { deviation: 0.074, degrees: 4 };
  const many = Array.from({ length: 1000 }, (_, i) => ROUNDS[i % 5]!);
  const { low, high } = ratioOverSessions(many, 0.95, between)!;
  // t of 4 degrees of freedom at 95 % is 2.776.
  expect(Math.log(high / low) / 2).toBeGreaterThan(0.99 * 2.776 * 0.074);
});

test('it misses the true ratio in about one of twenty sessions, where rounds alone miss it in most', () => {
  const between = { deviation: 0.074, degrees: 1000 };
  const normal = (purpose: string, i: number, j: number) => {
    const [u, v] = [draw(1, purpose, i, j), draw(2, purpose, i, j)];
    return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
  };
  let [alone, over] = [0, 0];
  const sessions = 2000;
  for (let i = 0; i < sessions; i++) {
    const session = 0.074 * normal('session', i, 0);
    const ratios = ROUNDS.map((_, j) => Math.exp(0.5 + session + 0.03 * normal('round', i, j + 1)));
    const misses = ({ low, high }: { low: number; high: number }) =>
      low > Math.exp(0.5) || high < Math.exp(0.5);
    if (misses(ratioInterval(ratios, 0.95)!)) alone++;
    if (misses(ratioOverSessions(ratios, 0.95, between)!)) over++;
  }
  expect(over / sessions).toBeGreaterThan(0.03);
  expect(over / sessions).toBeLessThan(0.07);
  expect(alone / sessions).toBeGreaterThan(0.5);
});
