import type { Wire } from '../../kernel/transport.ts';

/** Host and port of a listener. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Endpoint of a URL: its own port, or its scheme's default one; undefined where it has neither. */
export function endpointOfUrl(url: string, { schemes }: Wire): Endpoint | undefined {
  const { hostname, port, protocol } = new URL(url);
  const usual = schemes.find((scheme) => scheme.protocol === protocol)?.port;
  const own = port === '' ? usual : Number(port);
  return own === undefined ? undefined : { host: hostname.replaceAll(/^\[|\]$/g, ''), port: own };
}

/** Protocols of the URLs that a transport connects to. */
export function protocolsOf({ schemes }: Wire): string[] {
  return schemes.map(({ protocol }) => protocol);
}
