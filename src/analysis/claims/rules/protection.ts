import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { detectedNs, falseOpensOf } from '../../faults/health-of.ts';
import { secondsText } from '../../../report/faults/recovery-text.ts';
import { formatLimit, formatRatio, plural } from '../../../report/format.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { inconclusive, contradicted, supported, type TestedClaim } from '../claim.ts';
import { comparisonName, ofComparisons } from '../fault-claims.ts';
import { endFigure, harmFigure, harmOf } from '../harm.ts';
import { triesFigure, triesPerDue } from '../tries.ts';

/** A breaker keeps requests away if it lets no more than this share of those due through. */
const MOST_LET_THROUGH = 0.5;

/** Breakers and time-outs: what keeps a failing service from taking its callers down. */
export const PROTECTION_CLAIMS: readonly TestedClaim[] = [
  {
    id: '7a',
    statement: 'A circuit breaker prevents cascading failures',
    guides: ['A', 'B', 'C'],
    scenario: 'circuit-breaker',
    rule: 'variants none and breaker: supported if endpoints that have no part in payments are harmed without it and none is with it, contradicted if one is with it too',
    assess: ofComparisons({ none: { variant: 'none' }, breaker: { variant: 'breaker' } }, (lines, result) =>
      keepsApart(lines.none, lines.breaker, result.scenario),
    ),
  },
  {
    id: '7b',
    statement: 'A circuit breaker prevents further requests to a failing service',
    guides: ['A', 'B', 'C'],
    scenario: 'circuit-breaker',
    rule: `variant breaker: supported if it acts, and while payments fails at most ${formatLimit(MOST_LET_THROUGH)} of the requests that are due get there, else contradicted`,
    assess: ofComparisons(
      { none: { variant: 'none' }, breaker: { variant: 'breaker' } },
      (lines, { scenario }) => {
        const figures = [lines.none, lines.breaker].map((comparison) => triesFigure(comparison, scenario));
        const times = triesPerDue(lines.breaker, scenario);
        if (times === null) return inconclusive('no request was due while payments failed', figures);
        if (detectedNs(lines.breaker, scenario) === null) return contradicted('it never opened', figures);
        const text = `${formatRatio(times)} of the requests that were due got there`;
        return times <= MOST_LET_THROUGH ? supported(text, figures) : contradicted(text, figures);
      },
    ),
  },
  {
    id: 'breaker',
    statement: 'A breaker that opens at its fifth failure since it last closed opens when its service fails',
    guides: ['C'],
    scenario: 'circuit-breaker',
    takesAll: true,
    rule: 'variant guides (their preset, a success never clears its count): supported if it acts on the fault and never opens while nothing is wrong, else contradicted',
    assess: ofComparisons(
      { guides: { variant: 'guides' }, breaker: { variant: 'breaker' } },
      (lines, { scenario }) => {
        const figures = [lines.guides, lines.breaker].map((comparison) => opensFigure(comparison, scenario));
        if (detectedNs(lines.guides, scenario) === null)
          return contradicted('it did not act on the fault', figures);
        const wrongly = falseOpensOf(lines.guides) ?? 0;
        return wrongly > 0
          ? contradicted(`it opened ${plural(wrongly, 'time')} while nothing was wrong`, figures)
          : supported('it opened for the fault, and not without', figures);
      },
    ),
  },
  {
    id: '8',
    statement: 'Never wait forever: add time-outs',
    guides: ['C'],
    scenario: 'hang',
    rule: 'variants none and timeout: supported if endpoints that have no part in what hangs are harmed without a time-out and none is with it, contradicted if one is with it too',
    assess: ofComparisons({ none: { variant: 'none' }, timeout: { variant: 'timeout' } }, (lines, result) =>
      keepsApart(lines.none, lines.timeout, result.scenario),
    ),
  },
];

/** Who has no part in what fails is harmed without a policy; is it with one? */
function keepsApart(without: FaultComparison, under: FaultComparison, scenario: Scenario) {
  const figures = [without, under].flatMap((comparison) => [
    harmFigure(comparison, scenario),
    endFigure(comparison, scenario),
  ]);
  const { harmed, of, names } = harmOf(under).independent;
  if (harmed > 0)
    return contradicted(`${names.join(', ')} is harmed with ${comparisonName(under)} too`, figures);
  if (of === 0 || harmOf(without).independent.harmed === 0)
    return inconclusive(
      `nothing spread with ${comparisonName(without)} either: there is nothing to prevent`,
      figures,
    );
  return supported(`who has no part in it is harmed with ${comparisonName(without)} only`, figures);
}

function opensFigure(comparison: FaultComparison, scenario: Scenario): string {
  const detected = detectedNs(comparison, scenario);
  const acts =
    detected === null ? 'did not act on the fault' : `acted ${secondsText(detected)} into the fault`;
  return `${comparisonName(comparison)}: ${acts}, opened ${plural(falseOpensOf(comparison) ?? 0, 'time')} while nothing was wrong (controls included)`;
}
