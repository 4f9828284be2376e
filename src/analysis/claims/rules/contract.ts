import { formatCount, plural } from '../../../report/format.ts';
import { ofPatterns } from '../pattern-claims.ts';
import { inconclusive, contradicted, supported, type TestedClaim } from '../claim.ts';

const PATTERNS = ['rest', 'grpc', 'graphql', 'queue', 'stream'] as const;

export const CONTRACT_CLAIMS: readonly TestedClaim[] = [
  {
    id: '19',
    statement: 'API contracts keep services compatible',
    guides: ['B'],
    scenario: 'request-reply',
    rule: 'rows rest, grpc, graphql, queue and stream, every reply checked against one contract of five operations: supported if none breaks it, contradicted if one does; that an older client goes on with a newer contract is not tested',
    assess: ofPatterns(PATTERNS, (rows) => {
      const counts = PATTERNS.map((id) => {
        const phases = rows[id].latency.flatMap((trial) => trial.phases);
        const sum = (of: (phase: (typeof phases)[number]) => number) =>
          phases.reduce((n, one) => n + of(one), 0);
        const broken = sum(({ outcomes }) => outcomes['contract-broken'] ?? 0);
        return { title: rows[id].name, answered: sum(({ outcomes }) => outcomes.ok ?? 0) + broken, broken };
      });
      const figures = counts.map(
        ({ title, answered, broken }) =>
          `${title}: ${formatCount(broken)} of ${plural(answered, 'reply', 'replies')} broke the contract`,
      );
      const broken = counts.reduce((n, count) => n + count.broken, 0);
      if (broken > 0) return contradicted(`${plural(broken, 'reply', 'replies')} broke it`, figures);
      return counts.some(({ answered }) => answered === 0)
        ? inconclusive('a row answered nothing', figures)
        : supported('every reply was as the contract says', figures);
    }),
  },
];
