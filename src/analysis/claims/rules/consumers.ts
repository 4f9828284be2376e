import { quantileCell } from '../../../measure/figures/percentile.ts';
import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { harmedRequests } from '../../faults/requests.ts';
import { formatRatio, formatUs } from '../../../report/format.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { inconclusive, contradicted, type ClaimAssessment, supported, type TestedClaim } from '../claim.ts';
import { comparisonName, ofComparisons } from '../fault-claims.ts';

const VARIANTS = ['one', 'two', 'four', 'eight'] as const;
/** Ideal is a little more than twice as soon: while a burst comes in, some of it is done already. */
const WORTH = 1.5;

/** More consumers, more at once. */
export const CONSUMER_CLAIMS: readonly TestedClaim[] = [
  {
    id: '4c',
    statement: 'Parallel processing of messages is faster',
    guides: ['A', 'D'],
    scenario: 'consumers',
    rule: `row queue, the same burst for 1, 2, 4 and 8 consumers: supported if twice as many have its median message done at least ${WORTH} times as soon, each time, contradicted if eight do not against one`,
    assess: assessScaling('queue'),
  },
  {
    id: '12',
    statement: 'Events scale easily with many consumers',
    guides: ['D'],
    scenario: 'consumers',
    rule: `row events, the same burst for 1, 2, 4 and 8 consumers: supported if twice as many have its median event done at least ${WORTH} times as soon, each time, contradicted if eight do not against one`,
    assess: assessScaling('events'),
  },
];

function assessScaling(row: string): TestedClaim['assess'] {
  const [one, two, four, eight] = VARIANTS;
  const wanted = {
    one: { row, variant: one },
    two: { row, variant: two },
    four: { row, variant: four },
    eight: { row, variant: eight },
  };
  return ofComparisons(wanted, (lines, { scenario }) =>
    decide([lines.one, lines.two, lines.four, lines.eight], scenario),
  );
}

function decide(comparisons: readonly FaultComparison[], scenario: Scenario): ClaimAssessment {
  const medians = comparisons.map((comparison) => medianUs(comparison, scenario));
  const known = medians.filter((us) => us !== undefined);
  const figures = comparisons.map((comparison, i) => {
    const us = medians[i];
    return `${comparisonName(comparison)}: the median of the burst is done after ${us === undefined ? 'too few for one' : formatUs(us)}`;
  });
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || known.length < comparisons.length)
    return inconclusive('too little of the burst was done for a median', figures);
  const steps = known.slice(1).map((us, i) => known[i]! / us);
  const text = `each time twice as many: ${steps.map(formatRatio).join(', ')} as soon`;
  if (steps.every((times) => times >= WORTH)) return supported(text, figures);
  return first / last < WORTH ? contradicted(text, figures) : inconclusive(`${text}: not each time`, figures);
}

/** From the instant at which it was due until it was done. */
function medianUs(comparison: FaultComparison, scenario: Scenario): number | undefined {
  const { completion } = harmedRequests(comparison, scenario).here;
  if (!completion) return undefined;
  const cell = quantileCell(completion, 0.5);
  return cell.state === 'known' ? cell.valueUs : undefined;
}
