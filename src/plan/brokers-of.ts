import { uniqueBrokers } from '../kernel/catalogue.ts';
import { faultByName } from '../faults/faults.ts';
import type { BrokerIdentity, TransportDefinition } from '../kernel/transport.ts';
import type { ResolvedTopology } from '../scenario/schema/topology.ts';
import type { ResolvedPattern, TrialSpec } from './spec.ts';

type Edges = Pick<ResolvedTopology, 'edges'>;
type RoutedPattern = Pick<ResolvedPattern, 'target' | 'definition' | 'edgeTransports'>;

/** @throws RangeError where the pattern was resolved without its scenario's edges */
export function transportOf(
  { edgeTransports }: Pick<ResolvedPattern, 'edgeTransports'>,
  name: string,
): TransportDefinition {
  const definition = edgeTransports?.get(name);
  if (!definition) throw new RangeError(`Expected the transport ${name} of an edge to be known`);
  return definition;
}

/** Brokers that a trial of this pattern uses: its own first, then those of its edges. A target needs none. */
export function brokersOf(pattern: RoutedPattern, topology: Edges | undefined): BrokerIdentity[] {
  if (pattern.target !== undefined) return [];
  const transports = topology?.edges.map(({ transport }) => transportOf(pattern, transport)) ?? [];
  return uniqueBrokers([pattern.definition, ...transports].flatMap(({ broker }) => broker ?? []));
}

/** Brokers that the trial's faults take down. */
export function brokersTakenIn({ system: { pattern, topology }, faults }: Faulted): BrokerIdentity[] {
  const ofProcesses = faults.filter((fault) => faultByName(fault.do).layer === 'process');
  const names = ofProcesses.map(({ on }) => (on === 'broker' ? pattern.definition.broker?.name : on));
  return brokersOf(pattern, topology).filter(({ name }) => names.includes(name));
}

type Faulted = Pick<TrialSpec, 'system' | 'faults'>;
