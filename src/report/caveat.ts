import { type Doubt, caveatOf } from '../analysis/patterns/doubt.ts';
import type { Trial } from '../record/record.ts';

/** ` [measurement disturbed]`, ` [1 of 5 rounds disturbed]`: stands beside a figure of these trials. */
export function caveatText(trials: readonly Trial[], unit: 'rounds' | 'trials' = 'rounds'): string {
  return textOfDoubt(caveatOf(trials), unit);
}

export function textOfDoubt(caveat: Doubt | null, unit: 'rounds' | 'trials' = 'rounds'): string {
  if (!caveat) return '';
  const { verdict, doubted, of } = caveat;
  return doubted === of ? ` [validity: ${verdict}]` : ` [${doubted} of ${of} ${unit} ${verdict}]`;
}
