import { type Acceptance, acceptanceOf, type Outcome, OUTCOMES } from '../../kernel/outcome.ts';
import type { Phase } from '../../measure/figures/figures.ts';

export function countOf(phases: readonly Phase[], outcome: Outcome): number {
  return phases.reduce((n, phase) => n + (phase.outcomes[outcome] ?? 0), 0);
}

/** Calls that did not succeed, by outcome and status: `error 500`. */
export function failureCounts(phases: readonly Phase[]): Map<string, number> {
  const counts = added(phases.map(({ failures }) => failures));
  const unsent = countOf(phases, 'unsent');
  return unsent > 0 ? counts.set('unsent', unsent) : counts;
}

/** Calls that succeeded, by status; `ok` where there is none, `unconfirmed` where nobody knows. */
export function successCounts(phases: readonly Phase[]): Map<string, number> {
  const counts = added(phases.map(({ statuses = {} }) => statuses));
  const known = [...counts.values()].reduce((sum, n) => sum + n, 0);
  const unconfirmed = phases.reduce((sum, phase) => sum + phase.unconfirmed, 0);
  const others = countOf(phases, 'ok') - known - unconfirmed;
  for (const [name, n] of [
    ['ok', others],
    ['unconfirmed', unconfirmed],
  ] as const)
    if (n > 0) counts.set(name, n);
  return counts;
}

function added(all: readonly Readonly<Record<string, number>>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [name, n] of all.flatMap(Object.entries<number>)) counts.set(name, (counts.get(name) ?? 0) + n);
  return counts;
}

/** Acceptance as callers must assume it without other evidence; an error counts as unknown. */
export function acceptanceCounts(phases: readonly Phase[]): Record<Acceptance, number> {
  const counts = { accepted: 0, refused: 0, unknown: 0 };
  for (const outcome of OUTCOMES) counts[acceptanceOf(outcome, false)] += countOf(phases, outcome);
  return counts;
}
