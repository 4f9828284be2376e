import { type Drift, driftsOf } from '../patterns/drift.ts';
import type { PatternResult } from '../patterns/pattern-result.ts';

/** Figures that rose or fell from round to round: the pattern was in no steady state. */
export interface Drifting {
  readonly code: 'drifting';
  readonly name: string;
  readonly drifts: readonly Drift[];
}

export function driftingFigures(pattern: PatternResult): Drifting[] {
  const drifts = driftsOf(pattern);
  return drifts.length === 0 ? [] : [{ code: 'drifting', name: pattern.name, drifts }];
}
