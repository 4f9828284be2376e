import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
import { contradicted, inconclusive, type ClaimAssessment, supported, type TestedClaim } from '../claim.ts';
import type { ClaimEvidence } from '../evidence.ts';
import { ofComparisons } from '../fault-claims.ts';
import { harmEvidence, harmOf, recoveryEvidence } from '../harm.ts';
import { triesEvidence, triesPerDue } from '../tries.ts';

/** A breaker keeps requests away if it lets at most this share of those due through. */
const MOST_LET_THROUGH = 0.5;

/** Breakers and timeouts: protection of callers from a failing service. */
export const definition: readonly TestedClaim[] = [
  {
    id: '7a',
    guides: ['A', 'B', 'C'],
    statement: 'A circuit breaker prevents cascading failures',
    rule: 'variants none and breaker: supported if endpoints that have no part in payments are harmed without it and none is with it, contradicted if one is with it too',
    scenario: 'circuit-breaker',
    assess: ofComparisons({ none: { variant: 'none' }, breaker: { variant: 'breaker' } }, (lines) =>
      keepsApart(lines.none, lines.breaker),
    ),
  },
  {
    id: '7b',
    guides: ['A', 'B', 'C'],
    statement: 'A circuit breaker prevents further requests to a failing service',
    rule: `variant breaker: supported if it acts, and while payments fails at most ${100 * MOST_LET_THROUGH} % of the requests that are due get there, else contradicted`,
    scenario: 'circuit-breaker',
    assess: ofComparisons({ none: { variant: 'none' }, breaker: { variant: 'breaker' } }, (lines) => {
      const evidence = [lines.none, lines.breaker].map(triesEvidence);
      const times = triesPerDue(lines.breaker);
      if (times === null) return inconclusive({ code: 'no-request-due' }, evidence);
      if (lines.breaker.health.detectedNs === null) return contradicted({ code: 'never-opened' }, evidence);
      const why = { code: 'let-through', times } as const;
      return times <= MOST_LET_THROUGH ? supported(why, evidence) : contradicted(why, evidence);
    }),
  },
  {
    id: 'breaker',
    guides: ['C'],
    statement: 'A breaker that opens at its fifth failure since it last closed opens when its service fails',
    rule: 'variant guides (their preset, a success never clears its count): supported if it acts on the fault and never opens while payments is healthy by its own log, else contradicted',
    scenario: 'circuit-breaker',
    takesAll: true,
    assess: ofComparisons({ guides: { variant: 'guides' }, breaker: { variant: 'breaker' } }, (lines) => {
      const evidence = [lines.guides, lines.breaker].map(opensEvidence);
      if (lines.guides.health.detectedNs === null) return contradicted({ code: 'not-acted' }, evidence);
      const opens = lines.guides.health.falseOpens ?? 0;
      return opens > 0
        ? contradicted({ code: 'opened-falsely', opens }, evidence)
        : supported({ code: 'opened-for-fault' }, evidence);
    }),
  },
  {
    id: '8',
    guides: ['C'],
    statement: 'Never wait forever: add time-outs',
    rule: 'variants none and timeout: supported if endpoints that have no part in what hangs are harmed without a time-out and none is with it, contradicted if one is with it too',
    scenario: 'hang',
    assess: ofComparisons({ none: { variant: 'none' }, timeout: { variant: 'timeout' } }, (lines) =>
      keepsApart(lines.none, lines.timeout),
    ),
  },
];

/** Whether a policy protects endpoints that do not depend on the fault and are harmed without it. */
function keepsApart(without: FaultComparison, under: FaultComparison): ClaimAssessment {
  const evidence = [without, under].flatMap((comparison) => [
    harmEvidence(comparison),
    recoveryEvidence(comparison),
  ]);
  const { harmed, of, names } = harmOf(under).independent;
  if (harmed > 0)
    return contradicted({ code: 'others-harmed-too', names, line: nameWithCase(under) }, evidence);
  const line = nameWithCase(without);
  return of === 0 || harmOf(without).independent.harmed === 0
    ? inconclusive({ code: 'nothing-spread', line }, evidence)
    : supported({ code: 'spread-only-without', line }, evidence);
}

function opensEvidence(comparison: FaultComparison): ClaimEvidence {
  return {
    code: 'breaker-opens',
    line: nameWithCase(comparison),
    detectedNs: comparison.health.detectedNs,
    falseOpens: comparison.health.falseOpens ?? 0,
  };
}
