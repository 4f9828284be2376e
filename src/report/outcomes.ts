import { mergeSeries } from '../measure/figures/histogram.ts';
import { quantileCell } from '../measure/figures/percentile.ts';
import { OUTCOMES } from '../kernel/outcome.ts';
import type { Phase } from '../measure/figures/figures.ts';
import { countOf, failureCounts } from '../analysis/patterns/outcomes.ts';
import { formatCount, formatUs } from './format.ts';

/** `error 500 ×16, timeout ×2`, the most frequent first; empty where no call failed. */
export function failuresText(phases: readonly Phase[]): string {
  return [...failureCounts(phases)]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, n]) => `${name} ×${formatCount(n)}`)
    .join(', ');
}

/** `refused ×800, after 0.26 ms at the median`: how calls failed, and how long that took, if it is known. */
export function failingText(phases: readonly Phase[]): string[] {
  return OUTCOMES.filter((outcome) => outcome !== 'ok').flatMap((outcome) => {
    const count = countOf(phases, outcome);
    if (count === 0) return [];
    const known = phases.flatMap((phase) => phase.failedAfter[outcome] ?? []);
    const median = known.length === 0 ? undefined : quantileCell(mergeSeries(known), 0.5);
    const after = median?.state === 'known' ? `, after ${formatUs(median.valueUs)} at the median` : '';
    return [`${outcome} ×${formatCount(count)}${after}`];
  });
}
