import type { Result } from '../../record/record.ts';
import type { PatternResult } from '../patterns/pattern-result.ts';
import {
  comparablePerS,
  isNearSaturation,
  type Utilisation,
  utilisationOf,
} from '../patterns/utilisation.ts';

/** A load that is a large share of the highest sustained rate that an earlier calibration found. */
export interface NearSustainedRate extends Utilisation {
  readonly code: 'near-sustained-rate';
  readonly name: string;
  /** The highest rate at which latencies may be compared. */
  readonly comparablePerS: number;
}

export function nearSustainedRate(pattern: PatternResult, result: Result): NearSustainedRate[] {
  const used = utilisationOf(result, pattern);
  if (!used || !isNearSaturation(used)) return [];
  const { name } = pattern;
  return [{ code: 'near-sustained-rate', name, ...used, comparablePerS: comparablePerS(used) }];
}
