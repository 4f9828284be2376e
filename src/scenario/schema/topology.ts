import { isAnswered } from '../../contracts/interactions.ts';
import type { Patience } from '../../contracts/patience.ts';
import type { Topology, TopologyEdge } from '../../kernel/topology.ts';
import type { PolicySpec } from '../../policies/policies.ts';
import type { Scenario } from './schema.ts';
import { type Edge, edgeId, policiesOf, type TopologyService } from './topology-schema.ts';

/** An edge with the indices of its services, and its policies resolved. */
export interface ResolvedEdge extends TopologyEdge {
  readonly transport: string;
  readonly interaction: Edge['interaction'];
  /** As written: its transport completes them. */
  readonly options: Edge['options'];
  readonly policies: readonly PolicySpec[];
  readonly patience: Patience;
}

export interface ResolvedTopology extends Topology {
  readonly services: readonly TopologyService[];
  readonly edges: readonly ResolvedEdge[];
}

/** The topology under a variant; undefined where the scenario has none. Names were validated with the scenario. */
export function topologyOf(scenario: Scenario, variant: string | null): ResolvedTopology | undefined {
  if (scenario.services.length === 0) return undefined;
  const change = scenario.variants.find(({ id }) => id === variant);
  const services = scenario.services.map((service) => {
    return withChange(
      service,
      change?.services?.find(({ id }) => id === service.id),
    );
  });
  const edges = scenario.edges.map((edge) => {
    return withChange(
      edge,
      change?.edges?.find(({ id }) => id === edgeId(edge)),
    );
  });
  const place = (id: string) => services.findIndex((service) => service.id === id);
  return {
    services,
    edges: edges.map((edge) => ({
      id: edgeId(edge),
      from: place(edge.from),
      to: place(edge.to),
      operations: edge.operations ?? null,
      isAnswered: isAnswered(edge.interaction),
      transport: edge.transport,
      interaction: edge.interaction,
      options: edge.options,
      policies: policiesOf(edge, scenario.policies),
      patience: edge.patience ?? scenario.patience,
    })),
  };
}

/** Keys that a change omits are absent, never undefined. */
function withChange<T extends object>(base: T, change: object | undefined): T {
  return { ...base, ...change };
}
