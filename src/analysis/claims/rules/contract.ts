import { countOf } from '../../patterns/outcomes.ts';
import type { PatternResult } from '../../patterns/pattern-result.ts';
import { contradicted, inconclusive, supported, type TestedClaim } from '../claim.ts';
import { ofPatterns } from '../pattern-claims.ts';

const PATTERNS = ['rest', 'grpc', 'graphql', 'queue', 'stream'] as const;

export const definition: readonly TestedClaim[] = [
  {
    id: '19',
    guides: ['B'],
    statement: 'API contracts keep services compatible',
    rule: 'patterns rest, grpc, graphql, queue and stream, every reply checked against one contract of five operations: supported if none breaks it, contradicted if one does; an older client with a newer contract is not tested',
    scenario: 'request-reply',
    assess: ofPatterns(PATTERNS, (patterns) => {
      const evidence = PATTERNS.map((id) => repliesOf(patterns[id]));
      const replies = evidence.reduce((n, { broken }) => n + broken, 0);
      if (replies > 0) return contradicted({ code: 'contract-broken', replies }, evidence);
      return evidence.some(({ answered }) => answered === 0)
        ? inconclusive({ code: 'pattern-silent' }, evidence)
        : supported({ code: 'contract-held' }, evidence);
    }),
  },
];

function repliesOf({ name, trials: { latency } }: PatternResult) {
  const phases = latency.flatMap((trial) => trial.phases);
  const broken = countOf(phases, 'contract-broken');
  return { code: 'contract', name, broken, answered: countOf(phases, 'ok') + broken } as const;
}
