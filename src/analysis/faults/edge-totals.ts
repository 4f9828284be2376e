import { isAnswered } from '../../contracts/interactions.ts';
import type { EdgeFigures, Hops, ServiceFigures } from '../../measure/hops/hop-figures.ts';
import type { Trial } from '../../record/record.ts';

type EdgePhase = EdgeFigures['phases'][number];

/** Sums over edges and phases of several trials. */
export interface EdgeTotals {
  readonly expected: number;
  readonly calls: number;
  readonly attempts: number;
  readonly ok: number;
  readonly failedFast: number;
  readonly fallbacks: number;
  readonly rejected: number;
}

/** @param names of the phases to sum */
export function edgeTotals(edges: readonly EdgeFigures[], names: readonly string[]): EdgeTotals {
  const phases = edges.flatMap((edge) => edge.phases.filter(({ name }) => names.includes(name)));
  const sum = (of: (phase: EdgePhase) => number) => phases.reduce((n, phase) => n + of(phase), 0);
  return {
    expected: sum((phase) => phase.expected),
    calls: sum((phase) => phase.calls),
    attempts: sum((phase) => phase.attempts),
    ok: sum((phase) => phase.outcomes.ok ?? 0),
    failedFast: sum((phase) => phase.failedFast),
    fallbacks: sum((phase) => phase.fallbacks),
    rejected: sum((phase) => phase.outcomes.rejected ?? 0),
  };
}

export function addEdges(all: readonly EdgeTotals[]): EdgeTotals {
  const sum = (of: (seen: EdgeTotals) => number) => all.reduce((n, seen) => n + of(seen), 0);
  return {
    expected: sum((seen) => seen.expected),
    calls: sum((seen) => seen.calls),
    attempts: sum((seen) => seen.attempts),
    ok: sum((seen) => seen.ok),
    failedFast: sum((seen) => seen.failedFast),
    fallbacks: sum((seen) => seen.fallbacks),
    rejected: sum((seen) => seen.rejected),
  };
}

/** Attempts started by callers over those expected without faults (DESIGN 5); null where none were due. */
export function amplification({ attempts, expected }: Pick<EdgeTotals, 'attempts' | 'expected'>) {
  return expected === 0 ? null : attempts / expected;
}

/**
 * The last service of the longest chain of synchronous edges, where the retries of all its callers multiply. Undefined
 * where the first service waits for no reply.
 */
export function leafOf({ edges, services }: Hops): string | undefined {
  const answered = edges.filter(({ interaction }) => isAnswered(interaction));
  const depths = new Map([[services[0]?.id, 0]]);
  // Once per service, the greatest length of a chain: the edges are in no order.
  for (const _ of services) {
    for (const { from, to } of answered) {
      const depth = depths.get(from);
      if (depth !== undefined) depths.set(to, Math.max(depth + 1, depths.get(to) ?? 0));
    }
  }
  const [deepest] = [...depths].toSorted(([, a], [, b]) => b - a);
  return deepest && deepest[1] > 0 ? deepest[0] : undefined;
}

/** Totals of the edges into one service. */
export function edgeTotalsInto(
  { hops }: Trial,
  service: string | undefined,
  names: readonly string[],
): EdgeTotals {
  const into = (hops?.edges ?? []).filter(({ to }) => to === service);
  return edgeTotals(into, names);
}

/** Executions of services by what became of them; failed: whoever waited was given a failure. */
export function workTotals(services: readonly ServiceFigures[], names: readonly string[]) {
  const phases = services.flatMap((one) => one.phases.filter(({ name }) => names.includes(name)));
  const sum = (of: (phase: ServiceFigures['phases'][number]) => number | null) =>
    phases.reduce((n, phase) => n + (of(phase) ?? 0), 0);
  const [executions, useful] = [sum((phase) => phase.executions), sum((phase) => phase.useful)];
  const [late, repeated] = [sum((phase) => phase.late), sum((phase) => phase.repeated)];
  const isKnown = phases.every((phase) => phase.late !== null);
  return { executions, useful, late, repeated, failed: isKnown ? executions - useful - late - repeated : 0 };
}

/** Share of executions that are no part of a result in time; null where there were no executions. */
export function wastedShare({ executions, useful }: { executions: number; useful: number }): number | null {
  return executions === 0 ? null : 1 - useful / executions;
}
