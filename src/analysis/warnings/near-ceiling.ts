import type { Result } from '../../record/record.ts';
import { type CeilingShare, comparablePerS, isNearCeiling, shareOfCeiling } from '../patterns/ceiling.ts';
import type { PatternResult } from '../patterns/pattern-result.ts';

/** A load that is a large part of what the pattern can take, or of what an earlier calibration found it to. */
export interface NearCeiling extends CeilingShare {
  readonly code: 'near-capacity' | 'near-sustained-rate';
  readonly name: string;
  /** The highest rate at which latencies may be compared. */
  readonly comparablePerS: number;
}

export function nearOwnCeiling(pattern: PatternResult): NearCeiling[] {
  return nearCapacity('near-capacity', pattern, shareOfCeiling(pattern));
}

export function nearCalibratedRate(
  pattern: PatternResult,
  { design: { calibration } }: Result,
): NearCeiling[] {
  const known = calibration?.[pattern.record.id];
  // Of one that is there or above nobody knows how near it is.
  const capacityPerS = known?.isSustainedAtLeast ? null : (known?.sustainedPerS ?? null);
  return nearCapacity('near-sustained-rate', pattern, shareOfCeiling(pattern, capacityPerS));
}

function nearCapacity(
  code: NearCeiling['code'],
  { name }: PatternResult,
  share: CeilingShare | undefined,
): NearCeiling[] {
  if (!share || !isNearCeiling(share)) return [];
  return [{ code, name, ...share, comparablePerS: comparablePerS(share) }];
}
