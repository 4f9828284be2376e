import { expect, test } from 'vitest';
import type { ComparisonVerdict } from '../../../src/analysis/compare/comparison.ts';
import { decidedPatterns, failedArms } from '../../../src/experiments/ab/design.ts';
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

test('an arm without a finished trial in two pairs is given up; one that failed once is not', () => {
  const trial = (pattern: string, arm: 'a' | 'b', state: 'done' | 'failed') => ({ pattern, arm, state });
  const once = [trial('x', 'a', 'done'), trial('x', 'b', 'failed'), trial('y', 'a', 'failed')];
  expect(failedArms(once)).toEqual([]);
  const twice = [...once, trial('x', 'a', 'done'), trial('x', 'b', 'failed'), trial('y', 'a', 'done')];
  expect(failedArms(twice)).toEqual([{ pattern: 'x', arm: 'b' }]);
  expect(failedArms([...twice, trial('x', 'b', 'done')])).toEqual([]);
});
