import type { Trial } from '../../record/record.ts';

/** Identifies a trial among those of its pattern. */
export type TrialRef = Pick<Trial, 'kind' | 'round' | 'variant' | 'case'>;

export function refOf({ kind, round, variant, case: of }: TrialRef): TrialRef {
  return { kind, round, variant, case: of };
}
