import type { Trial } from '../results/record.ts';
import type { RawTrial } from './raw-trial.ts';

/** One thing planted, and whether it was reported as planted. */
export interface SelftestCheck {
  readonly name: string;
  readonly planted: string;
  readonly reported: string;
  readonly tolerance: string;
  readonly passed: boolean;
  readonly note?: string;
}

/** A finished trial with its raw instants. */
export interface Seen {
  readonly trial: Trial;
  readonly raw: RawTrial;
}
