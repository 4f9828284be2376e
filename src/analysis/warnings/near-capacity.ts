import type { Result } from '../../record/record.ts';
import { type CapacityShare, comparablePerS, isNearCapacity, shareOfCapacity } from '../patterns/capacity.ts';
import type { PatternResult } from '../patterns/pattern-result.ts';

/** A load that is a large part of what the pattern can take, or of what an earlier calibration found it to. */
export interface NearCapacity extends CapacityShare {
  readonly code: 'near-capacity' | 'near-sustained-rate';
  readonly name: string;
  /** The highest rate at which latencies may be compared. */
  readonly comparablePerS: number;
}

export function nearOwnCapacity(pattern: PatternResult): NearCapacity[] {
  return nearCapacity('near-capacity', pattern, shareOfCapacity(pattern));
}

export function nearCalibratedRate(
  pattern: PatternResult,
  { design: { calibration } }: Result,
): NearCapacity[] {
  const known = calibration?.[pattern.record.id];
  // Of one that is there or above nobody knows how near it is.
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
