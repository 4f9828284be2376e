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
    const doneNs = results.get(messageKey({ ...attempt, service: to })) ?? (end.outcome === 'ok' ? end.atNs : Infinity);
    return doneNs - attempt.atNs <= (objectiveOf(attempt.edge) ?? Number.MAX_VALUE);
  };
  return ({ edge, atNs }) => {
    const before = endedBefore(events, besides(edges, edge), atNs);
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

function endedBefore({ attempts, ends }: SortedEvents, edges: ReadonlySet<number>, atNs: Nanoseconds): Attempt[] {
  const endNs = ({ call }: Attempt) => ends.get(call)?.atNs ?? Infinity;
  const ended = attempts
    .filter((attempt) => edges.has(attempt.edge) && endNs(attempt) <= atNs)
    .toSorted((a, b) => endNs(a) - endNs(b));
  const recent = ended.filter((attempt) => endNs(attempt) >= atNs - LOOK_BACK_NS).length;
  return ended.slice(-Math.max(recent, LEAST_ATTEMPTS));
}
