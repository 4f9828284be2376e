import type { Trial } from '../../record/record.ts';

/** How many of some trials are not valid, and how the first of these was judged. */
export interface Doubt {
  readonly verdict: Trial['measurement']['verdict'];
  readonly doubted: number;
  readonly of: number;
}

/** Null where all are valid. */
export function doubtOf(trials: readonly Pick<Trial, 'measurement'>[]): Doubt | null {
  const bad = trials.filter(({ measurement }) => measurement.verdict !== 'valid');
  const [first] = bad;
  return first ? { verdict: first.measurement.verdict, doubted: bad.length, of: trials.length } : null;
}
