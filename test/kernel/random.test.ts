import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draw, shuffled } from '../../src/kernel/random.ts';

const question = fc.record({
  seed: fc.nat(),
  purpose: fc.constantFrom('operation', 'key', 'poisson', 'fault'),
  index: fc.nat(5_000_000),
  attempt: fc.integer({ min: 1, max: 9 }),
});

/** A share of n, within five standard errors. */
function expectShare(found: number, n: number, share: number): void {
  expect(Math.abs(found / n - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / n));
}

describe('a draw', () => {
  it('is the same whatever was drawn before it, and in which order', () => {
    fc.assert(
      fc.property(fc.array(question, { maxLength: 40 }), (questions) => {
        const ask = (q: (typeof questions)[number]) => draw(q.seed, q.purpose, q.index, q.attempt);
        const inOrder = questions.map(ask);
        const backwards = questions.toReversed().map(ask).toReversed();
        expect(backwards).toEqual(inOrder);
        for (const x of inOrder) expect(x >= 0 && x < 1).toBe(true);
      }),
    );
  });

  it('is spread evenly over the arrivals', () => {
    const n = 100_000;
    const perTenth = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < n; i++) perTenth[Math.floor(draw(7, 'fault', i) * 10)]!++;
    for (const found of perTenth) expectShare(found, n, 0.1);
  });

  it('says nothing about that of the next arrival', () => {
    const n = 100_000;
    let both = 0;
    for (let i = 0; i < n; i++) if (draw(7, 'fault', i) < 0.5 && draw(7, 'fault', i + 1) < 0.5) both++;
    expectShare(both, n, 0.25);
  });

  it.each([
    ['seed', (i: number) => draw(2, 'fault', i)],
    ['seed past 32 bits', (i: number) => draw(1 + 2 ** 32, 'fault', i)],
    ['purpose', (i: number) => draw(1, 'key', i)],
    ['attempt', (i: number) => draw(1, 'fault', i, 2)],
  ])('is another for another %s', (_what, other) => {
    const n = 10_000;
    let both = 0;
    for (let i = 0; i < n; i++) if (draw(1, 'fault', i) < 0.5 && other(i) < 0.5) both++;
    expectShare(both, n, 0.25);
  });
});

describe('a shuffled list', () => {
  it('is each of the orders equally often, and the same for the same seed', () => {
    const n = 12_000;
    const seen = new Map<string, number>();
    for (let seed = 0; seed < n; seed++) {
      const order = shuffled(['a', 'b', 'c'], seed, 'order').join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
      expect(shuffled(['a', 'b', 'c'], seed, 'order').join('')).toBe(order);
    }
    expect(seen.size).toBe(6);
    for (const found of seen.values()) expectShare(found, n, 1 / 6);
  });
});
