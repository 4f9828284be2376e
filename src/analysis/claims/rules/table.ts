import type { Result } from '../../../record/record.ts';
import { rowsOf } from '../../patterns/row.ts';
import { type JudgedRow, judgedRows } from '../../patterns/ratings.ts';
import { type Claim as Word, judgedText } from '../../patterns/judged.ts';
import { formatCount, plural } from '../../../report/format.ts';
import { cantTell, contradicted, type Judgement, lacking, supported, type TestedClaim } from '../claim.ts';

const ROWS = ['rest', 'grpc', 'graphql', 'queue', 'events'];
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
  judge: (result) => judgeColumn(result, word),
}));

function judgeColumn(result: Result, word: Word): Judgement {
  const judged = judgedRows(result, rowsOf(result));
  const figures = judged.map(({ row, claims }) => figureOf(row.pattern.title, claims[word]));
  const of = (verdict: string) => judged.filter(({ claims }) => claims[word].verdict === verdict);
  const titles = (rows: readonly JudgedRow[]) => rows.map(({ row }) => row.pattern.title).join(', ');
  const wrong = of('disagree');
  if (wrong.length > 0)
    return contradicted(
      `not so: ${wrong.map(({ row, claims }) => `${row.pattern.title} ${judgedText(claims[word])}`).join('; ')}`,
      figures,
    );
  const missing = ROWS.filter((id) => !judged.some(({ row }) => row.pattern.id === id));
  if (missing.length > 0) return lacking(`${plural(missing.length, 'row')} not run: ${missing.join(', ')}`);
  const untold = of("can't tell");
  if (untold.length > 0) return cantTell(`can't tell of ${titles(untold)}`, figures);
  return supported(
    `${formatCount(of('agree').length)} of ${plural(judged.length, 'word')} hold, the others are what is compared with`,
    figures,
  );
}

function figureOf(title: string, judged: JudgedRow['claims'][Word]): string {
  const aside = [judged.figure, judged.verdict === "can't tell" ? judged.reason : null].filter(
    (text) => text !== null,
  );
  return `${title}: said ${judgedText(judged)}${aside.length > 0 ? ` (${aside.join('; ')})` : ''}`;
}
