import { peakPerS } from '../../kernel/load-shape.ts';
import type { Result } from '../../record/record.ts';
import type { PatternResult } from './pattern-result.ts';
import { calibratedFigures } from './used-broker.ts';

/** Above this share of a highest sustained rate a pattern is near saturation, whatever its latencies show. */
export const SUSTAINED_SHARE_LIMIT = 0.25;

/** Greatest share of a highest sustained rate that a load takes. */
export interface Utilisation {
  readonly sustainedPerS: number;
  readonly share: number;
}

/**
 * By the rate that an earlier calibration found; undefined where there is none, or only a lower bound: the distance from
 * it is unknown.
 */
export function utilisationOf(
  result: Pick<Result, 'brokers' | 'design'>,
  { record, load }: PatternResult,
): Utilisation | undefined {
  const known = calibratedFigures(result, record);
  const perS = known?.isSustainedAtLeast ? null : known?.sustainedPerS;
  return perS ? { sustainedPerS: perS, share: peakPerS(load) / perS } : undefined;
}

export function isNearSaturation({ share }: Utilisation): boolean {
  return share > SUSTAINED_SHARE_LIMIT;
}

/** The highest rate at which latencies may be compared. */
export function comparablePerS({ sustainedPerS }: Utilisation): number {
  return Math.max(1, Math.floor(sustainedPerS * SUSTAINED_SHARE_LIMIT));
}
