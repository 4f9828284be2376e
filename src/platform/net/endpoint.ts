import type { Wire } from '../../kernel/transport.ts';

/** Where somebody listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Where a URL leads: its own port, or its scheme's usual one; undefined where it has neither. */
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
