import type { Result } from '../../record/record.ts';
import { type CapacityShare, comparablePerS, isNearCapacity, shareOfCapacity } from '../patterns/capacity.ts';
import { calibratedFigures } from '../patterns/used-broker.ts';
import type { PatternResult } from '../patterns/pattern-result.ts';

/** A load that is a large share of the pattern's capacity, or of that found by an earlier calibration. */
export interface NearCapacity extends CapacityShare {
  readonly code: 'near-capacity' | 'near-sustained-rate';
  readonly name: string;
  /** The highest rate at which latencies may be compared. */
  readonly comparablePerS: number;
}

export function nearOwnCapacity(pattern: PatternResult): NearCapacity[] {
  return nearCapacity('near-capacity', pattern, shareOfCapacity(pattern));
}

export function nearCalibratedRate(pattern: PatternResult, result: Result): NearCapacity[] {
  const known = calibratedFigures(result, pattern.record);
  // Where the calibration found only a lower bound, the distance from it is unknown.
  const perS = known?.isSustainedAtLeast ? null : (known?.sustainedPerS ?? null);
  return nearCapacity('near-sustained-rate', pattern, shareOfCapacity(pattern, perS));
}

function nearCapacity(
  code: NearCapacity['code'],
  { name }: PatternResult,
  share: CapacityShare | undefined,
): NearCapacity[] {
  if (!share || !isNearCapacity(share)) return [];
  return [{ code, name, ...share, comparablePerS: comparablePerS(share) }];
}
