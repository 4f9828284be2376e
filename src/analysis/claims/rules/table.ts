import type { Result } from '../../../record/record.ts';
import { patternResults } from '../../patterns/pattern-result.ts';
import { type RatedPattern, ratedPatterns } from '../../patterns/ratings.ts';
import { type RatedProperty as Word, ratingText } from '../../patterns/rating.ts';
import { formatCount, plural } from '../../../report/format.ts';
import {
  inconclusive,
  contradicted,
  type ClaimAssessment,
  lacking,
  supported,
  type TestedClaim,
} from '../claim.ts';

const PATTERNS = ['rest', 'grpc', 'graphql', 'queue', 'events'];
const TABLE = 'rows rest, grpc, graphql, queue and events, each judged as in the report (--explain)';

/** The guides' table, column by column. */
const COLUMNS: readonly (readonly [id: string, word: Word, statement: string])[] = [
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

export const TABLE_CLAIMS: readonly TestedClaim[] = COLUMNS.map(([id, word, statement]) => ({
  id,
  statement,
  guides: ['C'],
  scenario: 'pattern-comparison',
  rule: `${TABLE}: supported if every word of the column holds, contradicted if one does not`,
  assess: (result) => assessColumn(result, word),
}));

function assessColumn(result: Result, word: Word): ClaimAssessment {
  const rated = ratedPatterns(result, patternResults(result));
  const figures = rated.map(({ pattern, claims }) => figureOf(pattern.record.title, claims[word]));
  const of = (verdict: string) => rated.filter(({ claims }) => claims[word].verdict === verdict);
  const titles = (patterns: readonly RatedPattern[]) =>
    patterns.map(({ pattern }) => pattern.record.title).join(', ');
  const wrong = of('contradicted');
  if (wrong.length > 0)
    return contradicted(
      `not so: ${wrong.map(({ pattern, claims }) => `${pattern.record.title} ${ratingText(claims[word])}`).join('; ')}`,
      figures,
    );
  const missing = PATTERNS.filter((id) => !rated.some(({ pattern }) => pattern.record.id === id));
  if (missing.length > 0) return lacking(`${plural(missing.length, 'row')} not run: ${missing.join(', ')}`);
  const inconclusiveTitles = of('inconclusive');
  if (inconclusiveTitles.length > 0)
    return inconclusive(`inconclusive of ${titles(inconclusiveTitles)}`, figures);
  return supported(
    `${formatCount(of('supported').length)} of ${plural(rated.length, 'word')} hold, the others are what is compared with`,
    figures,
  );
}

function figureOf(title: string, rating: RatedPattern['claims'][Word]): string {
  const aside = [rating.figure, rating.verdict === 'inconclusive' ? rating.reason : null].filter(
    (text) => text !== null,
  );
  return `${title}: said ${ratingText(rating)}${aside.length > 0 ? ` (${aside.join('; ')})` : ''}`;
}
