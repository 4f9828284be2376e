import { expect, it } from 'vitest';
import { couplingOf } from '../../../src/measure/figures/coupling.ts';

it.each([
  { correct: 0, done: 0, verdict: 'tight' },
  { correct: 499, done: 1000, verdict: 'tight' },
  { correct: 500, done: 1000, verdict: 'partial' },
  { correct: 989, done: 1000, verdict: 'partial' },
  { correct: 1000, done: 989, verdict: 'partial' },
  { correct: 990, done: 990, verdict: 'loose' },
  { correct: 1000, done: 1000, verdict: 'loose' },
])(
  'coupling with $correct served and $done finally done of 1,000 is $verdict',
  ({ correct, done, verdict }) => {
    expect(couplingOf({ planned: 1000, correct, done })).toEqual({
      intended: 1000,
      served: correct,
      finallyDone: done,
      verdict,
    });
  },
);

it('coupling is unknown where nothing was intended in the outage', () => {
  expect(couplingOf({ planned: 0, correct: 0, done: 0 })).toBeNull();
});
