import { LOOSE_FROM } from '../../../measure/figures/coupling.ts';
import { contradicted, inconclusive, supported, type TestedClaim } from '../claim.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
import { ofComparisons } from '../fault-claims.ts';
import { harmEvidence, harmOf, isAnyHarmed, isLoose, looseEvidence } from '../harm.ts';

const synchronous = (of: string) => ({ variant: 'synchronous', case: of });
const SYNCHRONOUS = {
  killed: synchronous('killed'),
  frozen: synchronous('frozen'),
  slow: synchronous('slow'),
};
/** The policies of the variants over a broker, over REST: what is left of the difference is the broker's. */
const SAME_POLICIES = {
  'retry-killed': { variant: 'retry', case: 'killed' },
  'retry-frozen': { variant: 'retry', case: 'frozen' },
  'retry-slow': { variant: 'retry', case: 'slow' },
};
const ASYNCHRONOUS = {
  'rabbitmq-killed': { variant: 'rabbitmq', case: 'killed' },
  'rabbitmq-frozen': { variant: 'rabbitmq', case: 'frozen' },
  'rabbitmq-slow': { variant: 'rabbitmq', case: 'slow' },
  'kafka-killed': { variant: 'kafka', case: 'killed' },
  'kafka-frozen': { variant: 'kafka', case: 'frozen' },
  'kafka-slow': { variant: 'kafka', case: 'slow' },
};

/** How failures spread along synchronous edges, and where an asynchronous one stops them. */
export const definition: readonly TestedClaim[] = [
  {
    id: '2a',
    guides: ['A'],
    statement: 'Over synchronous HTTP a caller is harmed when the service that it calls is down or slow',
    rule: 'variant synchronous, cases killed and slow: supported if all endpoints that depend on the ledger are harmed in both, contradicted if none is in one of them',
    scenario: 'cascade',
    assess: ofComparisons({ killed: SYNCHRONOUS.killed, slow: SYNCHRONOUS.slow }, (lines) => {
      const all = [lines.killed, lines.slow];
      const evidence = all.map(harmEvidence);
      const spared = all.find((comparison) => harmOf(comparison).dependent.harmed === 0);
      if (spared) return contradicted({ code: 'dependents-spared', line: nameWithCase(spared) }, evidence);
      const isWhole = all.every(
        (comparison) => harmOf(comparison).dependent.harmed === harmOf(comparison).dependent.of,
      );
      return isWhole
        ? supported({ code: 'callers-suffer' }, evidence)
        : inconclusive({ code: 'some-suffer' }, evidence);
    }),
  },
  {
    id: '2b',
    guides: ['A'],
    statement: 'Synchronous HTTP between services makes bottlenecks and spreads failures',
    rule: 'variant synchronous, cases killed, frozen and slow: supported if in one of them at least an endpoint is harmed that has no part in the ledger, contradicted if in none',
    scenario: 'cascade',
    assess: ofComparisons(SYNCHRONOUS, (lines) => {
      const all = Object.values(lines);
      const evidence = all.map(harmEvidence);
      const spread = all.filter((comparison) => harmOf(comparison).independent.harmed > 0);
      return spread.length > 0
        ? supported({ code: 'spread-to-others', lines: spread.map(nameWithCase) }, evidence)
        : contradicted({ code: 'nobody-else-harmed' }, evidence);
    }),
  },
  {
    id: '3a',
    guides: ['A', 'C', 'D'],
    statement: 'Asynchronous messaging decouples: the caller goes on when the service is down',
    rule: `variants rabbitmq and kafka, cases killed, frozen and slow: supported if no endpoint is harmed in any, ${100 * LOOSE_FROM} % answered in time and finally done, while with the variant retry, which has their policies over REST, one is harmed in each; contradicted if an endpoint is harmed or less is done`,
    scenario: 'cascade',
    assess: ofComparisons({ ...SAME_POLICIES, ...ASYNCHRONOUS }, (lines) => {
      const before = [lines['retry-killed'], lines['retry-frozen'], lines['retry-slow']];
      const all = Object.values(lines).filter((comparison) => !before.includes(comparison));
      const evidence = [
        ...before.map(harmEvidence),
        ...all.flatMap((comparison) => [harmEvidence(comparison), looseEvidence(comparison)]),
      ];
      const bad = all.find((comparison) => isAnyHarmed(comparison) || !isLoose(comparison));
      if (bad) return contradicted({ code: 'caller-harmed', line: nameWithCase(bad) }, evidence);
      const harmless = before.find((comparison) => !isAnyHarmed(comparison));
      return harmless
        ? inconclusive({ code: 'harmless-before', line: nameWithCase(harmless) }, evidence)
        : supported({ code: 'decoupled' }, evidence);
    }),
  },
];
