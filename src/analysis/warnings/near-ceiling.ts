import type { Result } from '../../record/record.ts';
import { type CeilingShare, comparablePerS, isNearCeiling, shareOfCeiling } from '../patterns/ceiling.ts';
import type { ResultRow } from '../patterns/row.ts';

/** A load that is a large part of what the pattern can take, or of what an earlier calibration found it to. */
export interface NearCeiling extends CeilingShare {
  readonly code: 'near-ceiling' | 'near-calibrated-ceiling';
  readonly name: string;
  /** The highest rate at which latencies may be compared. */
  readonly comparablePerS: number;
}

export function nearOwnCeiling(row: ResultRow): NearCeiling[] {
  return nearCeiling('near-ceiling', row, shareOfCeiling(row));
}

export function nearCalibratedCeiling(row: ResultRow, { design: { calibration } }: Result): NearCeiling[] {
  const known = calibration?.[row.pattern.id];
  // Of one that is there or above nobody knows how near it is.
  const ceilingPerS = known?.isCeilingLeast ? null : (known?.ceilingPerS ?? null);
  return nearCeiling('near-calibrated-ceiling', row, shareOfCeiling(row, ceilingPerS));
}

function nearCeiling(
  code: NearCeiling['code'],
  { name }: ResultRow,
  share: CeilingShare | undefined,
): NearCeiling[] {
  if (!share || !isNearCeiling(share)) return [];
  return [{ code, name, ...share, comparablePerS: comparablePerS(share) }];
}
