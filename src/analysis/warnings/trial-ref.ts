import type { Trial } from '../../record/record.ts';

/** What tells a trial from the others of its pattern. */
export type TrialRef = Pick<Trial, 'kind' | 'round' | 'variant' | 'case'>;

export function refOf({ kind, round, variant, case: of }: TrialRef): TrialRef {
  return { kind, round, variant, case: of };
}
