import { formatCount, plural } from './format.ts';

/** Condition for a call to be in a series of latencies. */
const COVERAGE = {
  reply: 'were answered ok',
  confirm: 'the broker confirmed',
  done: 'had their work done',
  'first item': 'had a first item',
} as const;
export type Coverage = keyof typeof COVERAGE;

/**
 * Latency is per outcome (DESIGN 3.5), so a series knows nothing of the calls with another
 * outcome: a percentile states how many calls it covers. Undefined if it covers all.
 */
function sampleCoverageText(seen: number, planned: number, coverage: Coverage): string | undefined {
  if (seen >= planned) return undefined;
  return `of the ${formatCount(seen)} of ${plural(planned, 'call')} that ${COVERAGE[coverage]}`;
}

export function sampleCoverageNote(seen: number, planned: number, coverage: Coverage): string[] {
  const text = sampleCoverageText(seen, planned, coverage);
  return text === undefined ? [] : [`Only ${text}; the others are not in this figure.`];
}
