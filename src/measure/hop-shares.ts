import { NS_PER_S } from '../kernel/clock.ts';
import type { EdgeFigures, ServiceFigures } from './hop-figures.ts';
import type { PhaseSpan } from './phases.ts';

/** Ratios of counts over some phases (all: no names given); null where there is nothing to divide by. */

interface Named {
  readonly name: string;
}

function sumOver<T extends Named>(
  all: readonly { readonly phases: readonly T[] }[],
  phases: readonly string[] | undefined,
  of: (phase: T) => number,
): number {
  const chosen = all.flatMap((one) => one.phases).filter(({ name }) => phases?.includes(name) ?? true);
  return chosen.reduce((sum, phase) => sum + of(phase), 0);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/**
 * Attempts started on edges into one service per root request, over the fan-out when nothing fails (DESIGN 5):
 * 1 is no amplification.
 */
export function amplificationOf(edges: readonly EdgeFigures[], phases?: readonly string[]): number | null {
  const attempts = sumOver(edges, phases, (phase) => phase.attempts);
  return share(
    attempts,
    sumOver(edges, phases, (phase) => phase.expected),
  );
}

/** Executions that are no part of an answer in time, of all. */
export function wastedShare(services: readonly ServiceFigures[], phases?: readonly string[]): number | null {
  const executions = sumOver(services, phases, (phase) => phase.executions);
  const useful = sumOver(services, phases, (phase) => phase.useful);
  return share(executions - useful, executions);
}

/**
 * Correct per second of intended time.
 * @param figures phases of a trial or of an endpoint
 * @param spans all phases of its trial
 */
export function goodputPerS(
  figures: readonly { readonly name: string; readonly correct: number }[],
  spans: readonly PhaseSpan[],
  phases?: readonly string[],
): number | null {
  const chosen = spans.filter(({ name }) => phases?.includes(name) ?? true);
  const ns = chosen.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0);
  return share(sumOver([{ phases: figures }], phases, (phase) => phase.correct) * NS_PER_S, ns);
}
