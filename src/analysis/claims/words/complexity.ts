import {
  COMPLEXITY_POINTS,
  type ComplexityCategory,
  complexityLevel,
  complexityPoints,
} from '../../../kernel/complexity.ts';
import type { PatternResult } from '../../patterns/pattern-result.ts';
import { verdictIf } from '../verdict.ts';
import { type WordEvidence, type WordRating, wordRating } from './word.ts';

export function rateComplexity({ record }: PatternResult, claimed: string): WordRating {
  const { complexity, adapterLines } = record;
  if (complexity === null) {
    const code = record.target === null ? 'not-counted' : 'target-not-counted';
    return wordRating(claimed, { verdict: 'inconclusive', reason: { code } });
  }
  const points = complexityPoints(complexity);
  const level = complexityLevel(points);
  return wordRating(claimed, {
    measured: [[level]],
    verdict: verdictIf(level === claimed),
    basis: 'hand-count',
    figure: { code: 'points', points },
    evidence: [
      ...itemsByCategory(complexity),
      ...(adapterLines === null ? [] : [{ code: 'adapter-lines', lines: adapterLines } as const]),
    ],
  });
}

function itemsByCategory(items: NonNullable<PatternResult['record']['complexity']>): WordEvidence[] {
  const categories = Object.keys(COMPLEXITY_POINTS) as ComplexityCategory[];
  return categories.flatMap((category) => {
    const these = items.filter((item) => item.category === category);
    if (these.length === 0) return [];
    const points = complexityPoints(these);
    return [{ code: 'complexity-items', category, points, items: these.map((item) => item.what) } as const];
  });
}
