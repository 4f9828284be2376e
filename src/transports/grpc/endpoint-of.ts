/** Default port of gRPC servers in a URL without one. */
const USUAL_PORT = 50_051;

/** Host and port of a URL. */
export function endpointOfGrpc(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'http:' ? 80 : USUAL_PORT)}`;
}
