import type { Trial } from '../../record/record.ts';
import type { RawTrial } from '../../trial/raw-trial.ts';
import type { Row } from '../../plan/spec.ts';

/** One thing planted, and whether it was reported as planted. */
export interface SelftestCheck {
  /** Title of the row. */
  readonly row: string;
  readonly name: string;
  readonly planted: string;
  readonly reported: string;
  /** How far apart the two may be, in words. */
  readonly tolerance: string;
  /** `not-run`: there is no broker, or a trial failed; the note says why. */
  readonly verdict: 'passed' | 'failed' | 'not-run';
  readonly note?: string;
}

/** A finished trial with its raw instants. */
export interface Seen {
  readonly trial: Trial;
  readonly raw: RawTrial;
}

/** What is to be told of a check that could be made. */
type Found = Omit<SelftestCheck, 'row' | 'verdict'> & { readonly passed: boolean };

/** @param seen a trial with disturbances: on a busy machine a deviation may be the machine's, and that is noted */
export function checked(row: Row, { trial }: Seen, { passed, note, ...found }: Found): SelftestCheck {
  const causes = passed ? [] : trial.measurement.causes.map((cause) => cause.detail);
  const notes = [...(note === undefined ? [] : [note]), ...causes];
  return {
    row: row.title,
    ...found,
    verdict: passed ? 'passed' : 'failed',
    ...(notes.length > 0 && { note: notes.join('; ') }),
  };
}

/** @param why in words for the user */
export function notRun(row: Row, why: string): SelftestCheck {
  return {
    row: row.title,
    name: 'all of it',
    planted: 'nothing',
    reported: 'not run',
    tolerance: '',
    verdict: 'not-run',
    note: why,
  };
}
