import { comparableMedian } from '../patterns/side-by-side.ts';
import type { PatternResult, SeriesKind } from '../patterns/pattern-result.ts';

/** Why a pattern has no median that may be compared, as a code. */
export function whyUnjudged(pattern: PatternResult, kind: SeriesKind): string {
  if (pattern.record.state === 'not-run') return 'not-run';
  if (pattern.trials.latency.length === 0) return pattern.trials.failed.length > 0 ? 'failed' : 'no-trial';
  if (pattern.trials.latency.every((trial) => comparableMedian(trial, kind).state === 'usable'))
    return 'not-ranked';
  const bad = pattern.trials.latency.find((trial) => trial.validity.verdict !== 'valid');
  if (!bad) return 'too-few-calls';
  return CODES[bad.validity.verdict] ?? 'not-valid';
}

/** Validity of a trial, as users of load tests say it. */
const CODES: Readonly<Record<string, string>> = {
  disturbed: 'noisy-host',
  'generator-bound': 'late-generator',
  incomplete: 'incomplete',
};
