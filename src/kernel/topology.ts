/** Services and the calls between them, by index; the generator calls the first. Without cycles. */
export interface Topology {
  readonly services: readonly {
    readonly id: string;
    /** A repeated arrival is neither done nor passed on again. */
    readonly idempotent?: boolean;
  }[];
  readonly edges: readonly TopologyEdge[];
}

export interface TopologyEdge {
  readonly id: string;
  /** Indices of services. */
  readonly from: number;
  readonly to: number;
  /** Operations that use this edge; null: all that its caller receives. */
  readonly operations: readonly string[] | null;
  /** The caller waits for the service's reply; otherwise for the broker's confirm. */
  readonly isAnswered: boolean;
}

/** Indices of the services that take part in an operation, the first service included. */
export interface Reach {
  readonly all: readonly number[];
  /** Services whose work the first service's reply waits for. */
  readonly awaited: readonly number[];
}

export function goesOver({ operations }: TopologyEdge, operation: string): boolean {
  return operations === null || operations.includes(operation);
}

/** Services that an operation reaches when nothing fails. */
export function reachOf(topology: Topology, operation: string): Reach {
  const walk = (edges: readonly TopologyEdge[]): number[] => {
    const found = new Set([0]);
    // Insertion while iterating: the loop visits added services too.
    for (const at of found) for (const edge of edges) if (edge.from === at) found.add(edge.to);
    return [...found].toSorted((a, b) => a - b);
  };
  const taken = topology.edges.filter((edge) => goesOver(edge, operation));
  return { all: walk(taken), awaited: walk(taken.filter(({ isAnswered }) => isAnswered)) };
}

/**
 * Executions of each service for one call of an operation when nothing fails: the fan-out by which amplification is
 * divided (DESIGN 5). 1 for the first service.
 */
export function fanOutOf(topology: Topology, operation: string): number[] {
  const counts: number[] = topology.services.map((_, i) => Number(i === 0));
  const taken = topology.edges.filter((edge) => goesOver(edge, operation));
  for (const at of inOrder(topology)) {
    if (topology.services[at]!.idempotent) counts[at] = Math.min(1, counts[at]!);
    for (const { from, to } of taken) if (from === at) counts[to] = counts[to]! + counts[at]!;
  }
  return counts;
}

/** Callers before services. @throws RangeError where there is a cycle */
export function inOrder({ services, edges }: Topology): number[] {
  const callers = services.map((_, i) => edges.filter(({ to }) => to === i).length);
  const ready = callers.flatMap((n, i) => (n === 0 ? [i] : []));
  for (const at of ready) {
    for (const { from, to } of edges) if (from === at && --callers[to]! === 0) ready.push(to);
  }
  if (ready.length < services.length) throw new RangeError('Expected a topology without cycles');
  return ready;
}
