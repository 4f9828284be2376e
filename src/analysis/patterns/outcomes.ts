import { type Acceptance, acceptanceOf, type Outcome, OUTCOMES } from '../../kernel/outcome.ts';
import type { Phase } from '../../measure/figures/figures.ts';

export function countOf(phases: readonly Phase[], outcome: Outcome): number {
  return phases.reduce((n, phase) => n + (phase.outcomes[outcome] ?? 0), 0);
}

/** Acceptance as callers must assume it without other evidence; an error counts as unknown. */
export function acceptanceCounts(phases: readonly Phase[]): Record<Acceptance, number> {
  const counts = { accepted: 0, refused: 0, unknown: 0 };
  for (const outcome of OUTCOMES) counts[acceptanceOf(outcome, false)] += countOf(phases, outcome);
  return counts;
}
