import { peakPerS } from '../../kernel/load-shape.ts';
import { capacityPerS, type PatternResult } from './pattern-result.ts';

/** Above this share of its capacity a pattern is near saturation, whatever its latencies show. */
export const CAPACITY_SHARE_LIMIT = 0.25;

/** Greatest share of a capacity that a load takes. */
export interface CapacityShare {
  readonly capacityPerS: number;
  readonly share: number;
}

/** Undefined where no capacity is known. */
export function shareOfCapacity(
  pattern: PatternResult,
  perS = capacityPerS(pattern),
): CapacityShare | undefined {
  return perS ? { capacityPerS: perS, share: peakPerS(pattern.load) / perS } : undefined;
}

export function isNearCapacity({ share }: CapacityShare): boolean {
  return share > CAPACITY_SHARE_LIMIT;
}

/** The highest rate at which latencies may be compared. */
export function comparablePerS({ capacityPerS: perS }: CapacityShare): number {
  return Math.max(1, Math.floor(perS * CAPACITY_SHARE_LIMIT));
}
