import type { ResultRow } from '../../patterns/row.ts';
import { type FoundCoupling, foundCoupling, sharesOf } from '../../patterns/rated-coupling.ts';
import { cantTell, contradicted, type Judgement, supported, type TestedClaim } from '../claim.ts';
import { ofRows } from '../rows.ts';

/** What becomes of callers while their callee is away. */
export const COUPLING_CLAIMS: readonly TestedClaim[] = [
  {
    id: '3b',
    statement: 'With a queue or events between, a caller does not need its callee to be there',
    guides: ['A', 'C', 'D'],
    scenario: 'pattern-comparison',
    rule: 'rows queue and events, the callee killed: supported if both are loosely coupled (the rule for coupling of every report), contradicted if one is not',
    judge: ofRows(['queue', 'events'], ({ queue, events }) =>
      judgeCouplings([queue, events], { isHeld: (verdict) => verdict === 'loose', word: 'loose' }),
    ),
  },
  {
    id: '6',
    statement: "The callee's availability directly affects the requestor",
    guides: ['D'],
    scenario: 'pattern-comparison',
    rule: 'rows rest, grpc and graphql, the callee killed: supported if none is loosely coupled (the rule for coupling of every report), contradicted if one is',
    judge: ofRows(['rest', 'grpc', 'graphql'], ({ rest, grpc, graphql }) =>
      judgeCouplings([rest, grpc, graphql], { isHeld: (verdict) => verdict !== 'loose', word: 'not loose' }),
    ),
  },
];

interface Expected {
  readonly isHeld: (verdict: string) => boolean;
  readonly word: string;
}

function judgeCouplings(rows: readonly ResultRow[], { isHeld, word }: Expected): Judgement {
  const found = rows.map((row) => ({
    title: row.pattern.title,
    row,
    coupling: foundCoupling(row, 'outage'),
  }));
  const known = found.flatMap(({ title, coupling }) =>
    coupling.state === 'known' ? [{ title, verdict: coupling.coupling.verdict }] : [],
  );
  const figures = found.map(({ title, row, coupling }) => {
    const told = coupling.state === 'known' ? coupling.coupling.verdict : `can't tell (${coupling.reason})`;
    const shares = sharesOf(row, 'outage');
    return `${title}: ${told}${shares === null ? '' : `, ${shares}`}`;
  });
  const bad = known.filter(({ verdict }) => !isHeld(verdict));
  if (bad.length > 0)
    return contradicted(bad.map(({ title, verdict }) => `${title} is ${verdict}`).join(', '), figures);
  const untold = found.filter(({ coupling }) => coupling.state === 'unknown');
  if (untold.length > 0) return cantTell(`can't tell of ${untold.map(whyUntold).join(', ')}`, figures);
  return supported(`all are ${word}`, figures);
}

function whyUntold({ title, coupling }: { title: string; coupling: FoundCoupling }): string {
  return coupling.state === 'known' ? title : `${title} (${coupling.reason})`;
}
