/** Ports of URLs without one. */
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'grpcs:': 443 };
const USUAL_PORT = 50_051;

/** Host and port of a URL. */
export function endpointOfGrpc(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (PORTS[protocol] ?? USUAL_PORT)}`;
}
