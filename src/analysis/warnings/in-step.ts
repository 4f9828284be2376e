import type { Result } from '../../record/record.ts';
import type { PatternResult } from '../patterns/pattern-result.ts';
import { regimesOf } from '../regimes/regime.ts';

/**
 * Work that takes a whole number of intervals between calls: each reply then comes as another call is due, and the
 * generator's one thread is late for that one. Seen at 200/s: dispatch lag p90 0.35 to 0.49 ms at 20 and 25 ms of work,
 * 0.04 to 0.08 ms at 18 and 22 ms, and at 20 ms under 180/s.
 */
export interface InStep {
  readonly code: 'in-step';
  readonly name: string;
  readonly processingMs: number;
  readonly ratePerS: number;
}

/** Time from the end of the work to the reply's being read, and around it what a call takes of the generator. */
const NEAR_MS = 0.75;

export function workInStep(pattern: PatternResult, result: Result): InStep[] {
  const regime = regimesOf(result).find(({ variant }) => (variant?.title ?? null) === pattern.variant);
  if (!regime || pattern.record.target !== null || result.scenario.services.length > 0) return [];
  const { load, processingMs } = regime;
  if (load.shape !== 'constant' || !isInStep(processingMs, load.ratePerS)) return [];
  const isLate = pattern.trials.latency.some(({ validity }) => validity.verdict === 'generator-bound');
  return isLate ? [{ code: 'in-step', name: pattern.name, processingMs, ratePerS: load.ratePerS }] : [];
}

/** Whether work ends just as a later call is due. @param ratePerS of calls at equal intervals */
export function isInStep(processingMs: number, ratePerS: number): boolean {
  const intervalMs = 1000 / ratePerS;
  if (processingMs < intervalMs - NEAR_MS || intervalMs < 2 * NEAR_MS) return false;
  const beyondMs = processingMs % intervalMs;
  return Math.min(beyondMs, intervalMs - beyondMs) < NEAR_MS;
}
