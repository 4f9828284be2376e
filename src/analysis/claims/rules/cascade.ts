import { LOOSE_FROM } from '../../../measure/figures/coupling.ts';
import { formatLimit } from '../../../report/format.ts';
import { inconclusive, contradicted, supported, type TestedClaim } from '../claim.ts';
import { comparisonName, ofComparisons } from '../fault-claims.ts';
import { harmFigure, harmOf, isAnyHarmed, isLoose, looseFigure } from '../harm.ts';

const synchronous = (of: string) => ({ variant: 'synchronous', case: of });
const SYNCHRONOUS = {
  killed: synchronous('killed'),
  frozen: synchronous('frozen'),
  slow: synchronous('slow'),
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
export const CASCADE_CLAIMS: readonly TestedClaim[] = [
  {
    id: '2a',
    statement: 'Over synchronous HTTP a caller suffers when the service that it calls is down or slow',
    guides: ['A'],
    scenario: 'cascade',
    rule: 'variant synchronous, cases killed and slow: supported if all endpoints that depend on the ledger are harmed in both, contradicted if none is in one of them',
    assess: ofComparisons({ killed: SYNCHRONOUS.killed, slow: SYNCHRONOUS.slow }, (lines, { scenario }) => {
      const all = [lines.killed, lines.slow];
      const figures = all.map((comparison) => harmFigure(comparison, scenario));
      const spared = all.find((comparison) => harmOf(comparison).dependent.harmed === 0);
      if (spared)
        return contradicted(`nobody who depends on it is harmed with ${comparisonName(spared)}`, figures);
      const isWhole = all.every(
        (comparison) => harmOf(comparison).dependent.harmed === harmOf(comparison).dependent.of,
      );
      return isWhole
        ? supported('callers suffer, whether it is down or slow', figures)
        : inconclusive('some of those who depend on it are harmed, and some are not', figures);
    }),
  },
  {
    id: '2b',
    statement: 'Synchronous HTTP between services makes bottlenecks and spreads failures',
    guides: ['A'],
    scenario: 'cascade',
    rule: 'variant synchronous, cases killed, frozen and slow: supported if in one of them at least an endpoint is harmed that has no part in the ledger, contradicted if in none',
    assess: ofComparisons(SYNCHRONOUS, (lines, { scenario }) => {
      const all = Object.values(lines);
      const figures = all.map((comparison) => harmFigure(comparison, scenario));
      const spread = all.filter((comparison) => harmOf(comparison).independent.harmed > 0);
      return spread.length > 0
        ? supported(`who has no part in it is harmed too: ${spread.map(comparisonName).join('; ')}`, figures)
        : contradicted('nobody is harmed who has no part in it', figures);
    }),
  },
  {
    id: '3a',
    statement: 'Asynchronous messaging decouples: the caller goes on when the service is down',
    guides: ['A', 'C', 'D'],
    scenario: 'cascade',
    rule: `variants rabbitmq and kafka, cases killed, frozen and slow: supported if nobody is harmed in any, ${formatLimit(LOOSE_FROM)} answered in time and finally done, while with the variant synchronous somebody is harmed in each; contradicted if somebody is harmed or less is done`,
    assess: ofComparisons({ ...SYNCHRONOUS, ...ASYNCHRONOUS }, (lines, { scenario }) => {
      const before = [lines.killed, lines.frozen, lines.slow];
      const all = Object.values(lines).filter((comparison) => !before.includes(comparison));
      const figures = [
        ...before.map((comparison) => harmFigure(comparison, scenario)),
        ...all.flatMap((comparison) => [harmFigure(comparison, scenario), looseFigure(comparison, scenario)]),
      ];
      const bad = all.find((comparison) => isAnyHarmed(comparison) || !isLoose(comparison, scenario));
      if (bad)
        return contradicted(
          `the caller is harmed, or its work not done, with ${comparisonName(bad)}`,
          figures,
        );
      const harmless = before.find((comparison) => !isAnyHarmed(comparison));
      return harmless
        ? inconclusive(
            `nobody is harmed with ${comparisonName(harmless)} either: nothing to decouple from`,
            figures,
          )
        : supported('with a broker between nobody is harmed, and the work is done', figures);
    }),
  },
];
