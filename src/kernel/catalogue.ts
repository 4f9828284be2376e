import type { BrokerIdentity, TransportDefinition } from './transport.ts';

/** All transports, for code that must not depend on their folder. */
export interface Catalogue {
  /** By name, sorted. */
  readonly transports: ReadonlyMap<string, TransportDefinition>;
  /** Lines of our own adapter for a transport. */
  adapterLines(transport: string): number;
}

/** Each broker once, in the order of its first mention. */
export function uniqueBrokers(brokers: readonly BrokerIdentity[]): BrokerIdentity[] {
  return [...new Map(brokers.map((broker) => [broker.name, broker])).values()];
}

/** Every broker that some transport goes over. */
export function brokersIn({ transports }: Catalogue): BrokerIdentity[] {
  return uniqueBrokers([...transports.values()].flatMap(({ broker }) => broker ?? []));
}
