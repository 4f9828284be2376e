import { CommbenchError } from '../../kernel/errors.ts';
import type { Address } from '../../kernel/transport.ts';
import type { ProxyConfig } from './proxy-config.ts';

/** Where a URL names none. Encrypted connections are bound to the target's own name. */
const USUAL_PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'grpc:': 50_051,
  'amqp:': 5672,
  'kafka:': 9092,
};

/** Where an address listens; the protocol's usual port where it names none. */
export function portOf({ url }: Pick<Address, 'url'>): ProxyConfig['target'] {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname.replaceAll(/^\[|\]$/g, ''), port: port ? Number(port) : USUAL_PORTS[protocol]! };
}

/** The same as `portOf`. @throws CommbenchError child-failed where no proxy can stand before it */
export function proxiedPortOf(target: Address): ProxyConfig['target'] {
  const why = whyNoProxy(target);
  if (why === undefined) return portOf(target);
  throw new CommbenchError('child-failed', `Expected an edge that a proxy can stand on, found ${why}`);
}

/**
 * Why no proxy can stand before this address; undefined where one can. A client of Kafka goes where the broker
 * says it is, and is sent through the proxy all the same where there is but one broker (`advertised`).
 */
function whyNoProxy({ url, ['advertised']: advertised }: Address): string | undefined {
  const { protocol } = new URL(url);
  if (!(protocol in USUAL_PORTS)) return `a proxy can't stand in a connection by ${protocol.slice(0, -1)}`;
  if (protocol !== 'kafka:' || advertised !== undefined) return undefined;
  return 'a Kafka of several brokers sends its clients past a proxy';
}

/** The target's address with the proxy's host and port in it. */
export function throughPort(target: Address, port: number): Address {
  const { url } = target;
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  // Written as it was: `http://host:1` has no path, and transports put theirs behind it.
  return { ...target, url: url.endsWith('/') ? through.href : through.href.replace(/\/$/, '') };
}
