import { type Doubt, doubtOf } from '../analysis/patterns/doubt.ts';
import type { Trial } from '../record/record.ts';

/** ` [measurement disturbed]`, ` [1 of 5 rounds disturbed]`: stands beside a figure of these trials. */
export function doubtText(trials: readonly Trial[], unit: 'rounds' | 'trials' = 'rounds'): string {
  return textOfDoubt(doubtOf(trials), unit);
}

export function textOfDoubt(doubt: Doubt | null, unit: 'rounds' | 'trials' = 'rounds'): string {
  if (!doubt) return '';
  const { verdict, doubted, of } = doubt;
  return doubted === of ? ` [measurement ${verdict}]` : ` [${doubted} of ${of} ${unit} ${verdict}]`;
}
