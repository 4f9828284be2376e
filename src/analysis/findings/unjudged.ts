import { comparableMedian } from '../patterns/side-by-side.ts';
import type { PatternResult, SeriesKind } from '../patterns/pattern-result.ts';

/** Why a pattern has no median that may be compared, as a code. */
export function whyUnjudged(pattern: PatternResult, kind: SeriesKind): string {
  if (pattern.record.state === 'not-run') return 'not-run';
  if (pattern.latency.length === 0) return pattern.failed.length > 0 ? 'failed' : 'no-trial';
  if (pattern.latency.every((trial) => comparableMedian(trial, kind).state === 'usable')) return 'not-ranked';
  const bad = pattern.latency.find((trial) => trial.validity.verdict !== 'valid');
  if (!bad) return 'too-few-calls';
  return CODES[bad.validity.verdict] ?? 'not-valid';
}

/** Validity of a trial, as users of load tests say it. */
const CODES: Readonly<Record<string, string>> = {
  disturbed: 'noisy-host',
  'generator-bound': 'late-generator',
  incomplete: 'incomplete',
};
