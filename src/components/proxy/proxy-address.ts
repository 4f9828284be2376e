import { CommbenchError } from '../../kernel/errors.ts';
import { type Endpoint, endpointOfUrl, protocolsOf } from '../../platform/net/endpoint.ts';
import type { Address, Wire } from '../../kernel/transport.ts';

/**
 * Endpoint that a proxy forwards to.
 * @param wire of the transport on the edge
 * @throws CommbenchError child-failed where no proxy can stand before it
 */
export function proxiedEndpoint(target: Address, wire: Wire): Endpoint {
  const { protocol } = new URL(target.url);
  const isKnown = protocolsOf(wire).includes(protocol);
  const why = isKnown
    ? wire.whyNoProxy?.(target)
    : `no proxy can be put into a connection by ${protocol.slice(0, -1)}`;
  const endpoint = endpointOfUrl(target.url, wire);
  if (why === undefined && endpoint) return endpoint;
  throw new CommbenchError('child-failed', `No proxy can be put on this connection: ${why}`);
}

/** The target's address with the proxy's host and port in it. */
export function throughPort(target: Address, port: number): Address {
  const { url } = target;
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  // Keeps the notation: `http://host:1` has no path, and transports append theirs.
  return { ...target, url: url.endsWith('/') ? through.href : through.href.replace(/\/$/, '') };
}
