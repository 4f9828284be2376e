import { expect, test } from 'vitest';
import { gateText } from '../../../src/report/comparison/comparison-finding.ts';
import { COMPARISONS } from '../../support/compared.ts';

test.each([
  [14, '; about 14 more pairs would tell'],
  [
    15,
    '; about 15 more pairs would tell (of one comparison 24 at most: try longer trials, or a wider margin)',
  ],
])('of 10 pairs: %i more', (morePairs, said) => {
  const { inconclusive } = COMPARISONS;
  const gate = { ...inconclusive.patterns[0]!.gate!, morePairs, used: { baseline: 10, candidate: 10 } };
  expect(gateText(gate, inconclusive).endsWith(said)).toBe(true);
});
