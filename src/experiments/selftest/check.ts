import type { Trial } from '../../record/record.ts';
import type { RawTrial } from '../../trial/raw-trial.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';

/** One seeded defect, and whether it was reported as seeded. */
export interface SelftestCheck {
  /** Title of the pattern. */
  readonly pattern: string;
  readonly name: string;
  readonly seeded: string;
  readonly reported: string;
  /** Largest difference between the two, in words. */
  readonly tolerance: string;
  /** `not-run`: there is no broker, or a trial failed; the note says why. */
  readonly verdict: 'passed' | 'failed' | 'not-run';
  readonly note?: string;
}

/** A finished trial with its raw instants. */
export interface MeasuredTrial {
  readonly trial: Trial;
  readonly raw: RawTrial;
}

/** Outcome of a check that could be made. */
type CheckOutcome = Omit<SelftestCheck, 'pattern' | 'verdict'> & { readonly passed: boolean };

/** @param seen a trial with disturbances: on a busy machine a deviation may be the machine's, and that is noted */
export function checked(
  pattern: ResolvedPattern,
  { trial }: MeasuredTrial,
  { passed, note, ...found }: CheckOutcome,
): SelftestCheck {
  const causes = passed ? [] : trial.validity.causes.map((cause) => cause.detail);
  const notes = [...(note === undefined ? [] : [note]), ...causes];
  return {
    pattern: pattern.title,
    ...found,
    verdict: passed ? 'passed' : 'failed',
    ...(notes.length > 0 && { note: notes.join('; ') }),
  };
}

/** @param why in words for the user */
export function notRun(pattern: ResolvedPattern, why: string): SelftestCheck {
  return {
    pattern: pattern.title,
    name: 'all of it',
    seeded: 'nothing',
    reported: 'not run',
    tolerance: '',
    verdict: 'not-run',
    note: why,
  };
}
