import type { ResultRow } from '../../patterns/row.ts';
import { foundCoupling, sharesOf } from '../../patterns/found-coupling.ts';
import { contradicted, inconclusive, type Judgement, supported, type TestedClaim } from '../claim.ts';
import { ofRows } from '../rows.ts';

/** What becomes of callers while their callee is away. */
export const COUPLING_CLAIMS: readonly TestedClaim[] = [
  {
    id: '3b',
    guides: ['A', 'C', 'D'],
    scenario: 'pattern-comparison',
    judge: ofRows(['queue', 'events'], ({ queue, events }) =>
      judgeCouplings([queue, events], { isLoose: true }),
    ),
  },
  {
    id: '6',
    guides: ['D'],
    scenario: 'pattern-comparison',
    judge: ofRows(['rest', 'grpc', 'graphql'], ({ rest, grpc, graphql }) =>
      judgeCouplings([rest, grpc, graphql], { isLoose: false }),
    ),
  },
];

function judgeCouplings(rows: readonly ResultRow[], { isLoose }: { readonly isLoose: boolean }): Judgement {
  const evidence = rows.map((row) => {
    const { title } = row.pattern;
    const coupling = foundCoupling(row, 'outage');
    return { code: 'coupling', title, coupling, shares: sharesOf(row, 'outage') } as const;
  });
  const wrong = evidence.flatMap(({ title, coupling }) => {
    if (coupling.state === 'unknown') return [];
    const { verdict } = coupling.coupling;
    return (verdict === 'loose') === isLoose ? [] : [{ title, verdict }];
  });
  if (wrong.length > 0) return contradicted({ code: 'couplings-wrong', found: wrong }, evidence);
  const untold = evidence.flatMap(({ title, coupling }) =>
    coupling.state === 'unknown' ? [{ title, reason: coupling.reason }] : [],
  );
  return untold.length > 0
    ? inconclusive({ code: 'couplings-untold', untold }, evidence)
    : supported({ code: 'couplings-hold', isLoose }, evidence);
}
