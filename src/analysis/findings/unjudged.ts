import { comparableMedian } from '../patterns/side-by-side.ts';
import type { ResultRow, SeriesKind } from '../patterns/row.ts';

/** Why a pattern has no median that may be compared, as a code. */
export function whyUnjudged(row: ResultRow, kind: SeriesKind): string {
  if (row.pattern.state === 'not-run') return 'not-run';
  if (row.latency.length === 0) return row.failed.length > 0 ? 'failed' : 'no-trial';
  if (row.latency.every((trial) => comparableMedian(trial, kind).state === 'usable')) return 'not-ranked';
  const bad = row.latency.find((trial) => trial.measurement.verdict !== 'valid');
  if (!bad) return 'too-few-calls';
  return CODES[bad.measurement.verdict] ?? 'not-valid';
}

/** Validity of a trial, as users of load tests say it. */
const CODES: Readonly<Record<string, string>> = {
  disturbed: 'noisy-host',
  'generator-bound': 'late-generator',
  incomplete: 'incomplete',
};
