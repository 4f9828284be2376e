import { expect, test } from 'vitest';
import type { ComparisonVerdict } from '../../../src/analysis/compare/comparison.ts';
import { decidedPatterns } from '../../../src/experiments/ab/design.ts';
import { COMPARISONS } from '../../support/compared.ts';

/** The patterns of a comparison, of which the first is assessed so after so many pairs that were used. */
const assessed = (used: number, verdict: ComparisonVerdict) => {
  const [pattern] = COMPARISONS.equivalent.patterns;
  return {
    patterns: [
      { ...pattern!, verdict, gate: { ...pattern!.gate!, used: { baseline: used, candidate: used } } },
    ],
  };
};
const endsAt = (mostPairs: number, verdict: ComparisonVerdict) =>
  Array.from({ length: 24 }, (_, i) => i + 1).filter(
    (used) => decidedPatterns(assessed(used, verdict), mostPairs).length > 0,
  );

test('a pattern ends at planned looks only, whatever its interval says in between', () => {
  for (const verdict of ['regressed', 'improved', 'equivalent'] as const) {
    expect(endsAt(24, verdict)).toEqual([6, 10, 16, 24]);
    expect(endsAt(12, verdict)).toEqual([6, 10, 12]);
  }
});

test('what is not told goes on', () => {
  expect(endsAt(24, 'inconclusive')).toEqual([]);
});
