import { type CaveatCount, caveatOf } from '../analysis/patterns/caveat.ts';
import type { Trial } from '../record/record.ts';

/** ` [measurement disturbed]`, ` [1 of 5 rounds disturbed]`: stands beside a figure of these trials. */
export function caveatText(trials: readonly Trial[], unit: 'rounds' | 'trials' = 'rounds'): string {
  return caveatCountText(caveatOf(trials), unit);
}

export function caveatCountText(caveat: CaveatCount | null, unit: 'rounds' | 'trials' = 'rounds'): string {
  if (!caveat) return '';
  const { verdict, affected, of } = caveat;
  return affected === of ? ` [validity: ${verdict}]` : ` [${affected} of ${of} ${unit} ${verdict}]`;
}
