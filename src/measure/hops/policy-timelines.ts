import type { Nanoseconds } from '../../kernel/clock.ts';
import { INTERVAL_NS } from '../figures/histogram.ts';
import type { PolicyHappening } from './events.ts';
import type { TripRating } from './false-trips.ts';
import type { Hops } from './hop-figures.ts';

type Timelines = Pick<Hops, 'transitions' | 'admissions' | 'protections'>;
type Transition = Hops['transitions'][number];

/**
 * Acts of policies, on their edges' timelines. A policy that changes state is a breaker: rejections by others are not
 * among the admissions.
 * @param events by instant
 * @param edges ids of the topology's edges
 * @param isFalse whether a breaker opened on a healthy service
 */
export function policyTimelines(
  events: readonly PolicyHappening[],
  edges: readonly string[],
  startNs: Nanoseconds,
  isFalse: TripRating,
): Timelines {
  const transitions = events.flatMap((event): Transition[] => {
    const { what, policy, cause, atNs } = event;
    if (what !== 'opened' && what !== 'half-open' && what !== 'closed') return [];
    const about = { edge: edges[event.edge]!, policy, atNs: atNs - startNs, to: what, cause };
    return [{ ...about, isFalse: what === 'opened' ? isFalse(event) : null }];
  });
  const breakers = new Set(transitions.map(({ edge, policy }) => `${edge} ${policy}`));
  const ofBreakers = events.filter(({ edge, policy }) => breakers.has(`${edges[edge]!} ${policy}`));
  return {
    transitions,
    admissions: admissionsOf(ofBreakers, edges, startNs),
    protections: protectionsOf(events, edges, startNs),
  };
}

function intervalOf(atNs: Nanoseconds): Nanoseconds {
  return Math.floor(atNs / INTERVAL_NS) * INTERVAL_NS;
}

function admissionsOf(
  events: readonly PolicyHappening[],
  edges: readonly string[],
  startNs: Nanoseconds,
): Hops['admissions'] {
  const cells = new Map<string, Hops['admissions'][number]>();
  for (const event of events) {
    if (event.what !== 'probe' && event.what !== 'rejected') continue;
    const [edge, atNs] = [edges[event.edge]!, intervalOf(event.atNs - startNs)];
    const cell = cells.get(`${edge} ${atNs}`) ?? { edge, atNs, probes: 0, rejected: 0 };
    cell[event.what === 'probe' ? 'probes' : 'rejected']++;
    cells.set(`${edge} ${atNs}`, cell);
  }
  return [...cells.values()];
}

function protectionsOf(
  events: readonly PolicyHappening[],
  edges: readonly string[],
  startNs: Nanoseconds,
): Hops['protections'] {
  const seen = new Set<string>();
  return events.flatMap(({ edge, policy, what, atNs }): Hops['protections'] => {
    if (what !== 'opened' && what !== 'rejected') return [];
    const key = `${edge} ${policy} ${what} ${intervalOf(atNs - startNs)}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ edge: edges[edge]!, policy, what, atNs: atNs - startNs }];
  });
}
