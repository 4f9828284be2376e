import { CommbenchError } from '../../kernel/errors.ts';
import type { Security } from '../../kernel/target-outlet.ts';
import type { Address } from '../../kernel/transport.ts';

/** The broker's address, as a client takes it. */
export interface TopicLocation extends Security {
  readonly host: string;
  readonly port: number;
  /**
   * The advertised `host:port` of a single broker: connections to it are redirected to the URL, so that a proxy is not
   * bypassed. Undefined: no redirection.
   */
  readonly advertised: string | undefined;
}

const DEFAULT_PORTS = { plain: 9092, secure: 9093 };

/** @param address `url`: `kafka://host:port` */
export function topicLocationOf(address: Address, { tls, sasl }: Security = {}): TopicLocation {
  const { hostname, port, protocol } = new URL(address.url);
  const advertised = address['advertised'];
  return {
    host: hostname.replaceAll(/^\[|\]$/g, ''),
    port: port === '' ? DEFAULT_PORTS[protocol === 'kafka:' ? 'plain' : 'secure'] : Number(port),
    advertised,
    tls,
    sasl,
  };
}

/** The endpoint to open for a connection to this broker. */
export function endpointOf(place: TopicLocation, host: string, port: number): { host: string; port: number } {
  return `${host}:${port}` === place.advertised ? { host: place.host, port: place.port } : { host, port };
}

/** The topic's name, which provisioning put into the address. */
export function topicOf(address: Address | undefined): string {
  const topic = address?.['topic'];
  if (topic !== undefined) return topic;
  throw new CommbenchError('defect', 'Expected an address with a topic, as provisioning makes it');
}

/** Each subscriber is a consumer group of its own. */
export function consumerGroupOf(topic: string, subscriber: number): string {
  return `${topic}.subscriber-${subscriber}`;
}
