import type { Trial } from '../record/record.ts';

/** ` [measurement disturbed]`, ` [1 of 5 rounds disturbed]`: to be said beside a figure of these trials; empty where all are valid. */
export function caveatText(trials: readonly Trial[], unit: 'rounds' | 'trials' = 'rounds'): string {
  const bad = trials.filter(({ validity }) => validity.verdict !== 'valid');
  if (bad.length === 0) return '';
  const { verdict } = bad[0]!.validity;
  return bad.length === trials.length
    ? ` [validity: ${verdict}]`
    : ` [${bad.length} of ${trials.length} ${unit} ${verdict}]`;
}
