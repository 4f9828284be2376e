import {
  contradicted,
  inconclusive,
  type ClaimAssessment,
  lacking,
  supported,
  type TestedClaim,
} from '../claim.ts';
import type { ClaimVerdict } from '../verdict.ts';
import type { Aspect } from '../words/word.ts';
import type { RatedPattern } from '../words/words.ts';

const PATTERNS = ['rest', 'grpc', 'graphql', 'queue', 'events'];

/** The guides' table, column by column. */
const COLUMNS: readonly (readonly [id: string, aspect: Aspect, statement: string])[] = [
  [
    '1a',
    'latency',
    'Latency: REST medium, gRPC low, GraphQL medium, message queue high, event-driven variable',
  ],
  [
    '1b',
    'complexity',
    'Complexity: REST low, gRPC medium, GraphQL medium, message queue medium, event-driven high',
  ],
  [
    '1c',
    'coupling',
    'Coupling: REST tight, gRPC tight, GraphQL tight, message queue loose, event-driven loose',
  ],
];

export const definition: readonly TestedClaim[] = COLUMNS.map(([id, aspect, statement]) => ({
  id,
  guides: ['C'],
  statement,
  rule: 'patterns rest, grpc, graphql, queue and events, each rated as in the report (--explain): supported if every rating of the column holds, contradicted if one does not',
  scenario: 'pattern-comparison',
  ...(aspect === 'latency' ? {} : { isByConstruction: true as const }),
  assess: ({ words }) => assessColumn(words, aspect),
}));

function assessColumn(patterns: readonly RatedPattern[], aspect: Aspect): ClaimAssessment {
  const all = patterns.map(({ pattern, words }) => {
    return { id: pattern.record.id, title: pattern.record.title, rating: words[aspect] };
  });
  const evidence = all.map(({ title, rating }) => ({ code: 'word', title, rating }) as const);
  const of = (verdict: ClaimVerdict) => all.filter(({ rating }) => rating.verdict === verdict);
  const words = of('contradicted').map(({ title, rating }) => ({ title, rating }));
  if (words.length > 0) return contradicted({ code: 'words-wrong', words }, evidence);
  const missing = PATTERNS.filter((id) => !all.some((one) => one.id === id));
  if (missing.length > 0) return lacking({ code: 'patterns-not-run', patterns: missing });
  const titles = of('inconclusive').map(({ title }) => title);
  if (titles.length > 0) return inconclusive({ code: 'words-inconclusive', titles }, evidence);
  return supported({ code: 'words-hold', held: of('supported').length, of: all.length }, evidence);
}
