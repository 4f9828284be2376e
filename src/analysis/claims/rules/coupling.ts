import type { PatternResult } from '../../patterns/pattern-result.ts';
import { type FoundCoupling, foundCoupling, sharesOf } from '../../patterns/rated-coupling.ts';
import { inconclusive, contradicted, type ClaimAssessment, supported, type TestedClaim } from '../claim.ts';
import { ofPatterns } from '../pattern-claims.ts';

/** What becomes of callers while their service is away. */
export const COUPLING_CLAIMS: readonly TestedClaim[] = [
  {
    id: '3b',
    statement: 'With a queue or events between, a caller does not need its service to be there',
    guides: ['A', 'C', 'D'],
    scenario: 'pattern-comparison',
    rule: 'rows queue and events, the service killed: supported if both are loosely coupled (the rule for coupling of every report), contradicted if one is not',
    assess: ofPatterns(['queue', 'events'], ({ queue, events }) =>
      assessCouplings([queue, events], { isHeld: (verdict) => verdict === 'loose', word: 'loose' }),
    ),
  },
  {
    id: '6',
    statement: "The service's availability directly affects the requestor",
    guides: ['D'],
    scenario: 'pattern-comparison',
    rule: 'rows rest, grpc and graphql, the service killed: supported if none is loosely coupled (the rule for coupling of every report), contradicted if one is',
    assess: ofPatterns(['rest', 'grpc', 'graphql'], ({ rest, grpc, graphql }) =>
      assessCouplings([rest, grpc, graphql], { isHeld: (verdict) => verdict !== 'loose', word: 'not loose' }),
    ),
  },
];

interface Expected {
  readonly isHeld: (verdict: string) => boolean;
  readonly word: string;
}

function assessCouplings(patterns: readonly PatternResult[], { isHeld, word }: Expected): ClaimAssessment {
  const found = patterns.map((pattern) => ({
    title: pattern.record.title,
    pattern,
    coupling: foundCoupling(pattern, 'serviceOutage'),
  }));
  const known = found.flatMap(({ title, coupling }) =>
    coupling.state === 'known' ? [{ title, verdict: coupling.coupling.verdict }] : [],
  );
  const figures = found.map(({ title, pattern, coupling }) => {
    const texts =
      coupling.state === 'known' ? coupling.coupling.verdict : `inconclusive (${coupling.reason})`;
    const shares = sharesOf(pattern, 'serviceOutage');
    return `${title}: ${texts}${shares === null ? '' : `, ${shares}`}`;
  });
  const bad = known.filter(({ verdict }) => !isHeld(verdict));
  if (bad.length > 0)
    return contradicted(bad.map(({ title, verdict }) => `${title} is ${verdict}`).join(', '), figures);
  const inconclusiveTitles = found.filter(({ coupling }) => coupling.state === 'unknown');
  if (inconclusiveTitles.length > 0)
    return inconclusive(`inconclusive of ${inconclusiveTitles.map(whyInconclusive).join(', ')}`, figures);
  return supported(`all are ${word}`, figures);
}

function whyInconclusive({ title, coupling }: { title: string; coupling: FoundCoupling }): string {
  return coupling.state === 'known' ? title : `${title} (${coupling.reason})`;
}
