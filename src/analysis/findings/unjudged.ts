import { comparableMedian } from '../patterns/side-by-side.ts';
import type { PatternResult, SeriesKind } from '../patterns/pattern-result.ts';

/** Code of the reason why a pattern's median may not be compared. */
export function whyUnjudged(pattern: PatternResult, kind: SeriesKind): string {
  if (pattern.record.state === 'not-run') return 'not-run';
  if (pattern.trials.latency.length === 0) return pattern.trials.failed.length > 0 ? 'failed' : 'no-trial';
  if (pattern.trials.latency.every((trial) => comparableMedian(trial, kind).state === 'usable'))
    return 'not-ranked';
  const bad = pattern.trials.latency.find((trial) => trial.validity.verdict !== 'valid');
  if (!bad) return 'too-few-calls';
  return CODES[bad.validity.verdict] ?? 'not-valid';
}

/** Codes of validity in the terms of load tests. */
const CODES: Readonly<Record<string, string>> = {
  disturbed: 'noisy-host',
  'generator-bound': 'late-generator',
  incomplete: 'incomplete',
};
