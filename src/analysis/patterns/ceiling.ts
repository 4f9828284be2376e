import { peakPerS } from '../../kernel/load-shape.ts';
import { ceilingPerS, type ResultRow } from './row.ts';

/** A row that takes more than this share of its ceiling is near saturation, whatever its latencies say. */
export const CEILING_SHARE_LIMIT = 0.25;

/** How much of a ceiling a load takes at its greatest. */
export interface CeilingShare {
  readonly ceilingPerS: number;
  readonly share: number;
}

/** Undefined where no ceiling is known. */
export function shareOfCeiling(row: ResultRow, perS = ceilingPerS(row)): CeilingShare | undefined {
  return perS ? { ceilingPerS: perS, share: peakPerS(row.load) / perS } : undefined;
}

export function isNearCeiling({ share }: CeilingShare): boolean {
  return share > CEILING_SHARE_LIMIT;
}

/** The highest rate at which latencies may be compared. */
export function comparablePerS({ ceilingPerS: perS }: CeilingShare): number {
  return Math.max(1, Math.floor(perS * CEILING_SHARE_LIMIT));
}
