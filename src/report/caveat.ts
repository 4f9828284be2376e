import type { CaveatCount } from '../analysis/patterns/caveat.ts';

/** ` [measurement disturbed]`, ` [1 of 5 rounds disturbed]`: stands beside a figure of these trials. */
export function caveatText(caveat: CaveatCount | null, unit: 'rounds' | 'trials' = 'rounds'): string {
  if (!caveat) return '';
  const { verdict, affected, of } = caveat;
  return affected === of ? ` [validity: ${verdict}]` : ` [${affected} of ${of} ${unit} ${verdict}]`;
}
