import type { Scenario } from '../../scenario/schema/schema.ts';
import { type ResolvedEdge, type ResolvedTopology, topologyOf } from '../../scenario/schema/topology.ts';
import type { FaultComparison } from './fault-comparison.ts';

/**
 * One case of faults under two variants that are alike in services and policies and differ in the transport of one
 * edge: the rest of the difference between them is what that transport does.
 */
export interface TransportSwap {
  readonly edge: string;
  /** Transports of that edge. */
  readonly from: string;
  readonly to: string;
  /** Its caller waits for the reply. */
  readonly base: FaultComparison;
  readonly swapped: FaultComparison;
}

/** In the order of the swapped variants; cases that only one of the two variants has are omitted. */
export function transportSwaps(comparisons: readonly FaultComparison[], scenario: Scenario): TransportSwap[] {
  const ran = comparisons.filter(({ missing }) => missing === null);
  return ran.flatMap((swapped, at) =>
    ran.flatMap((base, earlier) => {
      if (base.pattern !== swapped.pattern || base.case !== swapped.case) return [];
      const change = swappedEdge(scenario, base, swapped);
      if (!change || !isBase(change, earlier < at)) return [];
      const [{ id, transport: from }, { transport: to }] = change;
      return [{ edge: id, from, to, base, swapped }];
    }),
  );
}

type EdgeChange = readonly [from: ResolvedEdge, to: ResolvedEdge];

/** The scenario lists what is changed before its changes; two confirms are of two brokers, and say nothing of one. */
function isBase([from]: EdgeChange, isEarlier: boolean): boolean {
  return from.isAnswered && isEarlier;
}

/** The one edge in which two variants differ, and there in its transport alone. */
function swappedEdge(scenario: Scenario, a: FaultComparison, b: FaultComparison): EdgeChange | undefined {
  const [one, other] = [a, b].map(({ variant }) => topologyOf(scenario, variant?.id ?? null));
  if (!one || !other || !isSame(one.services, other.services)) return undefined;
  const [change, ...more] = changedEdges(one, other);
  if (!change || more.length > 0) return undefined;
  const [from, to] = change;
  return from.transport !== to.transport && isSame(besideTransport(from), besideTransport(to))
    ? change
    : undefined;
}

function changedEdges(one: ResolvedTopology, other: ResolvedTopology): EdgeChange[] {
  return one.edges.flatMap((edge, i) => {
    const beside = other.edges[i]!;
    return isSame(edge, beside) ? [] : [[edge, beside] as const];
  });
}

/** An interaction and options belong to their transport. */
function besideTransport({ id, from, to, operations, policies, patience }: ResolvedEdge) {
  return { id, from, to, operations, policies, patience };
}

/** Both were parsed by one schema, so that their keys stand in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
