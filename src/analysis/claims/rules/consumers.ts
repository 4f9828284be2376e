import { quantileCell } from '../../../measure/figures/percentile.ts';
import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
import { contradicted, inconclusive, type ClaimAssessment, supported, type TestedClaim } from '../claim.ts';
import { ofComparisons } from '../fault-claims.ts';

const VARIANTS = ['one', 'two', 'four', 'eight'] as const;
/**
 * Least ratio that counts as twice as soon. Ideal is slightly above 2: some of a burst is done while it still comes in.
 */
const WORTH_DOUBLING = 1.5;

/** Adding consumers adds concurrency. */
export const definition: readonly TestedClaim[] = [
  {
    id: '4c',
    guides: ['A', 'D'],
    statement: 'Parallel processing of messages is faster',
    rule: doublingRule('queue', 'message'),
    scenario: 'consumers',
    assess: assessScaling('queue'),
  },
  {
    id: '12',
    guides: ['D'],
    statement: 'Events scale easily with many consumers',
    rule: doublingRule('events', 'event'),
    scenario: 'consumers',
    assess: assessScaling('events'),
  },
];

function doublingRule(pattern: string, unit: string): string {
  return `pattern ${pattern}, the same burst for 1, 2, 4 and 8 consumers: supported if each doubling completes the median ${unit} at least ${WORTH_DOUBLING} times as soon, contradicted if eight consumers do not against one`;
}

function assessScaling(pattern: string): TestedClaim['assess'] {
  const [one, two, four, eight] = VARIANTS;
  const wanted = {
    one: { pattern, variant: one },
    two: { pattern, variant: two },
    four: { pattern, variant: four },
    eight: { pattern, variant: eight },
  };
  return ofComparisons(wanted, (lines) => decide([lines.one, lines.two, lines.four, lines.eight]));
}

function decide(comparisons: readonly FaultComparison[]): ClaimAssessment {
  const medians = comparisons.map((comparison) => medianUs(comparison));
  const known = medians.filter((us) => us !== null);
  const evidence = comparisons.map((comparison, i) => {
    return { code: 'burst-median', line: nameWithCase(comparison), us: medians[i]! } as const;
  });
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || known.length < comparisons.length)
    return inconclusive({ code: 'burst-too-small' }, evidence);
  const times = known.slice(1).map((us, i) => known[i]! / us);
  const why = { code: 'speed-ups', times, isPartly: false } as const;
  if (times.every((one) => one >= WORTH_DOUBLING)) return supported(why, evidence);
  return first / last < WORTH_DOUBLING
    ? contradicted(why, evidence)
    : inconclusive({ ...why, isPartly: true }, evidence);
}

/** Median time from intended to completed. */
function medianUs(comparison: FaultComparison): number | null {
  const { completion } = comparison.harm.here;
  if (!completion) return null;
  const cell = quantileCell(completion, 0.5);
  return cell.state === 'known' ? cell.valueUs : null;
}
