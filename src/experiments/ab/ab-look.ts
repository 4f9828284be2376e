import { looksOf } from '../../measure/stats/looks.ts';
import type { Comparison } from '../../analysis/compare/comparison.ts';

/**
 * Ids of the rows on which nothing more is to be measured. Decided is only at planned looks, which pay for being
 * several; what an interval between them looks like decides nothing. Counted are pairs that were used: one that was
 * left out is no step towards a look.
 */
export function decidedPatterns({ patterns }: Pick<Comparison, 'patterns'>, mostPairs: number): string[] {
  const looks = looksOf(mostPairs);
  return patterns
    .filter(({ gate, verdict }) => verdict !== 'inconclusive' && looks.includes(gate?.used.baseline ?? 0))
    .map(({ pattern }) => pattern);
}
