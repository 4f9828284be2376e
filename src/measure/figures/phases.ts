import type { Nanoseconds } from '../../kernel/clock.ts';
import type { Phase } from './figures.ts';

/** A part of the trial's timeline: arrivals intended in [fromNs, toNs), from the start of the load. */
export interface PhaseSpan {
  readonly name: Phase['name'];
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
}

/** @throws RangeError without phases, or with a gap between them */
export function checkPhases(phases: readonly PhaseSpan[]): void {
  const hasGap = phases.some((phase, i) => i > 0 && phase.fromNs !== phases[i - 1]!.toNs);
  if (phases.length > 0 && !hasGap) return;
  throw new RangeError(`Expected phases without gaps, found ${JSON.stringify(phases)}`);
}

/** Instants before the first phase or after the last belong to that one. */
export function phaseIndex(phases: readonly PhaseSpan[], intendedNs: Nanoseconds): number {
  const next = phases.findIndex((phase) => intendedNs < phase.toNs);
  return next === -1 ? phases.length - 1 : next;
}
