import { goesOver, reachOf } from '../../kernel/topology.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { type ResolvedTopology, topologyOf } from '../../scenario/schema/topology.ts';

interface Which {
  /** Id; null: as the scenario says. */
  readonly variant: string | null;
  /** Of a case; absent: the scenario's. */
  readonly faults: Scenario['faults'] | undefined;
}

/** Which operations get to a service, an edge or a broker that some fault is on, however they are called. */
export function dependence(
  scenario: Scenario,
  { variant, faults = scenario.faults }: Which,
): (operation: string) => boolean {
  const topology = topologyOf(scenario, variant);
  if (!topology) return () => true;
  return (operation) => faults.some((fault) => reaches(topology, operation, fault));
}

function reaches(
  topology: ResolvedTopology,
  operation: string,
  { do: what, on }: Scenario['faults'][number],
): boolean {
  // A load is everybody's, and so is the first service: a fault that says no other is on it.
  if (what === 'load' || on === undefined) return true;
  const { all } = reachOf(topology, operation);
  if (all.some((at) => topology.services[at]!.id === on)) return true;
  return topology.edges.some(
    (edge) =>
      (edge.id === on || edge.transport === on) && all.includes(edge.from) && goesOver(edge, operation),
  );
}
