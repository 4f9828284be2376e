import type { PatternResult } from '../../patterns/pattern-result.ts';
import { foundCoupling, sharesOf } from '../../patterns/found-coupling.ts';
import { contradicted, inconclusive, type ClaimAssessment, supported, type TestedClaim } from '../claim.ts';
import { ofPatterns } from '../pattern-claims.ts';

/** Effect of a service outage on its callers. */
export const definition: readonly TestedClaim[] = [
  {
    id: '3b',
    guides: ['A', 'C', 'D'],
    statement: 'With a queue or events in between, a caller does not need its service to be up',
    rule: 'patterns queue and events, the service killed: supported if both are loosely coupled (the rule for coupling of every report), contradicted if one is not; by construction, as a confirm by a broker that stays up counts as served',
    scenario: 'pattern-comparison',
    isByConstruction: true,
    assess: ofPatterns(['queue', 'events'], ({ queue, events }) =>
      assessCouplings([queue, events], { isLoose: true }),
    ),
  },
  {
    id: '6',
    guides: ['D'],
    statement: "The service's availability directly affects the requestor",
    rule: 'patterns rest, grpc and graphql, the service killed: supported if none is loosely coupled (the rule for coupling of every report), contradicted if one is; by construction, as the service has no replica, retry or fallback',
    scenario: 'pattern-comparison',
    isByConstruction: true,
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
