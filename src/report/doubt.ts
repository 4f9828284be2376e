import type { Trial } from '../record/record.ts';

/** ` [measurement disturbed]`, ` [1 of 5 rounds disturbed]`: to be said beside a figure of these trials; empty where all are valid. */
export function doubtText(trials: readonly Trial[], unit: 'rounds' | 'trials' = 'rounds'): string {
  const bad = trials.filter(({ measurement }) => measurement.verdict !== 'valid');
  if (bad.length === 0) return '';
  const { verdict } = bad[0]!.measurement;
  return bad.length === trials.length
    ? ` [measurement ${verdict}]`
    : ` [${bad.length} of ${trials.length} ${unit} ${verdict}]`;
}
