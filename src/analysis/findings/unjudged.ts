import { isDrifting } from '../patterns/drift.ts';
import { comparableMedian } from '../patterns/side-by-side.ts';
import type { PatternResult, SeriesKind } from '../patterns/pattern-result.ts';

/** Code of the reason why a pattern's median may not be compared. */
export function whyUnjudged(pattern: PatternResult, kind: SeriesKind): string {
  if (pattern.record.state === 'not-run') return 'not-run';
  if (pattern.trials.latency.length === 0) return pattern.trials.failed.length > 0 ? 'failed' : 'no-trial';
  if (isDrifting(pattern)) return 'drifting';
  const [why] = pattern.trials.latency.flatMap((trial) => {
    const median = comparableMedian(trial, kind);
    return median.state === 'unusable' ? [median.why] : [];
  });
  if (why === undefined) return 'not-ranked';
  return why.code === 'not-valid'
    ? (CODES[why.verdict] ?? 'not-valid')
    : (MEDIAN_CODES[why.code] ?? 'not-valid');
}

/** Codes of what keeps a median from being compared. */
const MEDIAN_CODES: Readonly<Record<string, string>> = {
  marked: 'late-generator',
  unsent: 'late-generator',
  'too-few-calls': 'too-few-calls',
  'not-measured': 'too-few-calls',
  'no-effect-log': 'no-effect-log',
  saturated: 'saturated',
  failing: 'failing',
};

/** Codes of validity in the terms of load tests. */
const CODES: Readonly<Record<string, string>> = {
  disturbed: 'noisy-host',
  'generator-bound': 'late-generator',
  incomplete: 'incomplete',
};
