import type { Trial } from '../../record/record.ts';

/** Number of trials that are not valid, and the verdict of the first. */
export interface CaveatCount {
  readonly verdict: Trial['validity']['verdict'];
  readonly affected: number;
  readonly of: number;
}

/** Null where all are valid. */
export function caveatOf(trials: readonly Pick<Trial, 'validity'>[]): CaveatCount | null {
  const bad = trials.filter(({ validity }) => validity.verdict !== 'valid');
  const [first] = bad;
  return first ? { verdict: first.validity.verdict, affected: bad.length, of: trials.length } : null;
}
