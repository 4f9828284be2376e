import type { Wire } from '../../kernel/transport.ts';

/** Host and port of a listener. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** The host of a URL; only there an IPv6 address has brackets. */
export function hostOfUrl(url: string): string {
  return new URL(url).hostname.replaceAll(/^\[|\]$/g, '');
}

/** Endpoint of a URL: its own port, or its scheme's default one; undefined where it has neither. */
export function endpointOfUrl(url: string, { schemes }: Wire): Endpoint | undefined {
  const { port, protocol } = new URL(url);
  const usual = schemes.find((scheme) => scheme.protocol === protocol)?.port;
  const own = port === '' ? usual : Number(port);
  return own === undefined ? undefined : { host: hostOfUrl(url), port: own };
}

/** Whether a URL is one of TLS. */
export function isSecureUrl(url: string, { schemes }: Wire): boolean {
  return schemes.some((scheme) => scheme.isSecure && scheme.protocol === new URL(url).protocol);
}

/** Protocols of the URLs that a transport connects to. */
export function protocolsOf({ schemes }: Wire): string[] {
  return schemes.map(({ protocol }) => protocol);
}
