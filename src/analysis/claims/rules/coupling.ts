import type { PatternResult } from '../../patterns/pattern-result.ts';
import { foundCoupling, sharesOf } from '../../patterns/found-coupling.ts';
import { contradicted, inconclusive, type ClaimAssessment, supported, type TestedClaim } from '../claim.ts';
import { ofPatterns } from '../pattern-claims.ts';

/** Effect of a service outage on its callers. */
export const COUPLING_CLAIMS: readonly TestedClaim[] = [
  {
    id: '3b',
    guides: ['A', 'C', 'D'],
    scenario: 'pattern-comparison',
    assess: ofPatterns(['queue', 'events'], ({ queue, events }) =>
      assessCouplings([queue, events], { isLoose: true }),
    ),
  },
  {
    id: '6',
    guides: ['D'],
    scenario: 'pattern-comparison',
    assess: ofPatterns(['rest', 'grpc', 'graphql'], ({ rest, grpc, graphql }) =>
      assessCouplings([rest, grpc, graphql], { isLoose: false }),
    ),
  },
];

function assessCouplings(
  patterns: readonly PatternResult[],
  { isLoose }: { readonly isLoose: boolean },
): ClaimAssessment {
  const evidence = patterns.map((pattern) => {
    const { title } = pattern.record;
    const coupling = foundCoupling(pattern, 'serviceOutage');
    return { code: 'coupling', title, coupling, shares: sharesOf(pattern, 'serviceOutage') } as const;
  });
  const wrong = evidence.flatMap(({ title, coupling }) => {
    if (coupling.state === 'unknown') return [];
    const { verdict } = coupling.coupling;
    return (verdict === 'loose') === isLoose ? [] : [{ title, verdict }];
  });
  if (wrong.length > 0) return contradicted({ code: 'couplings-wrong', found: wrong }, evidence);
  const inconclusiveTitles = evidence.flatMap(({ title, coupling }) =>
    coupling.state === 'unknown' ? [{ title, reason: coupling.reason }] : [],
  );
  return inconclusiveTitles.length > 0
    ? inconclusive({ code: 'couplings-inconclusive', inconclusiveTitles }, evidence)
    : supported({ code: 'couplings-hold', isLoose }, evidence);
}
