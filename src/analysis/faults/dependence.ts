import { goesOver, reachOf } from '../../kernel/topology.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { type ResolvedTopology, topologyOf } from '../../scenario/schema/topology.ts';

interface Which {
  /** Variant id; null: the scenario without a variant. */
  readonly variant: string | null;
  /** Faults of the case; absent: the scenario's. */
  readonly faults: Scenario['faults'] | undefined;
}

/** Operations whose calls reach a faulted service, edge or broker, by any interaction. */
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
  // A load fault affects everything, as does a fault on the first service, the default of `on`.
  if (what === 'load' || on === undefined) return true;
  const { all } = reachOf(topology, operation);
  if (all.some((at) => topology.services[at]!.id === on)) return true;
  return topology.edges.some(
    (edge) =>
      (edge.id === on || edge.transport === on) && all.includes(edge.from) && goesOver(edge, operation),
  );
}
