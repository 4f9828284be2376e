import { NS_PER_S, type Nanoseconds } from '../../kernel/clock.ts';
import type { Attempt } from '../logs/hop-log.ts';
import type { SortedEvents } from './events.ts';
import type { HopsEdge } from './frame.ts';
import { HEALTHY_SHARE } from './hop-figures.ts';
import { messageKey } from './results.ts';

/** Attempts that ended within this time before the breaker opened show the state of the service then ... */
const LOOK_BACK_NS = 1 * NS_PER_S;
/** ... or the last so many, where there were fewer: probes of a breaker that was half-open. */
const LEAST_ATTEMPTS = 10;

export interface TripEvidence {
  readonly events: SortedEvents;
  readonly edges: readonly HopsEdge[];
  /** By message, the instant of its effect. */
  readonly results: ReadonlyMap<string, Nanoseconds>;
  /** Objective of an edge; null: none. */
  readonly objectiveOf: (edge: number) => Nanoseconds | null;
}

/** Whether a breaker's opening was false; null: there is no evidence. */
export type TripRating = (trip: { readonly edge: number; readonly atNs: Nanoseconds }) => boolean | null;

/**
 * A trip is false while the service behind the breaker is in fact healthy by its own log: nearly all that it was sent
 * just before (by any caller) it had done within the objective, and no fault struck it there. What nearly all means is
 * the health rule's share; a single failure is chance. Behind a broker the confirm stands for the service.
 */
export function tripRating({ events, edges, results, objectiveOf }: TripEvidence): TripRating {
  const struck = new Set(
    events.injected.map(({ service, sequence, attempt }) => `${service}.${sequence}.${attempt}`),
  );
  const isWell = (attempt: Attempt): boolean => {
    const end = events.ends.get(attempt.call)!;
    const { to, isAnswered } = edges[attempt.edge]!;
    if (!isAnswered) return end.outcome === 'ok';
    if (struck.has(`${to}.${attempt.sequence}.${attempt.attempt}`)) return false;
    // What is known already is answered without another effect.
    const doneNs =
      results.get(messageKey({ ...attempt, service: to })) ?? (end.outcome === 'ok' ? end.atNs : Infinity);
    return doneNs - attempt.atNs <= (objectiveOf(attempt.edge) ?? Number.MAX_VALUE);
  };
  // Sorted once for each edge with a breaker, not for each trip.
  const ended = new Map<number, Attempt[]>();
  const endedBeside = (edge: number): Attempt[] => {
    const known = ended.get(edge) ?? endedOn(events, besides(edges, edge));
    ended.set(edge, known);
    return known;
  };
  return ({ edge, atNs }) => {
    const before = recentOf(endedBeside(edge), events, atNs);
    if (before.length === 0) return null;
    const sick = before.filter((attempt) => !isWell(attempt)).length;
    return sick <= Math.max(1, (1 - HEALTHY_SHARE) * before.length);
  };
}

/** Edges whose attempts show the state of the same service; a broker's confirms are those of one edge. */
function besides(edges: readonly HopsEdge[], edge: number): ReadonlySet<number> {
  const { to, isAnswered } = edges[edge]!;
  if (!isAnswered) return new Set([edge]);
  return new Set(edges.flatMap((other, i) => (other.isAnswered && other.to === to ? [i] : [])));
}

/** Attempts with a known end, by it. */
function endedOn({ attempts, ends }: SortedEvents, edges: ReadonlySet<number>): Attempt[] {
  const endNs = ({ call }: Attempt) => ends.get(call)!.atNs;
  return attempts
    .filter((attempt) => edges.has(attempt.edge) && ends.has(attempt.call))
    .toSorted((a, b) => endNs(a) - endNs(b));
}

function recentOf(ended: readonly Attempt[], { ends }: SortedEvents, atNs: Nanoseconds): Attempt[] {
  const endNs = ({ call }: Attempt) => ends.get(call)!.atNs;
  const until = ended.findLastIndex((attempt) => endNs(attempt) <= atNs) + 1;
  let from = Math.max(0, until - LEAST_ATTEMPTS);
  while (from > 0 && endNs(ended[from - 1]!) >= atNs - LOOK_BACK_NS) from--;
  return ended.slice(from, until);
}
