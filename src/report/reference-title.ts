import type { Result } from '../record/record.ts';

/** Title of the pattern that latencies are compared with; `the reference` where the run has none. */
export function referenceTitle({ scenario, patterns }: Result): string {
  return patterns.find(({ id }) => id === scenario.reference)?.title ?? 'the reference';
}
