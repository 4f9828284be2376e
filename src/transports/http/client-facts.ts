import type { HttpOptions } from './options.ts';

/** Statements on the caller's library, for every transport over HTTP. */

type Chosen = Pick<HttpOptions, 'client' | 'connections'>;

/** npm package whose version is recorded; `fetch` is a part of Node itself. */
export function httpClientOf({ client }: Chosen): string {
  return client === 'fetch' ? `fetch of Node ${process.versions.node}` : 'undici';
}

export function clientText({ client }: Chosen): string {
  return client === 'fetch' ? "Node's own fetch" : 'undici';
}

/** @param lasting whether connections are kept alive, which a target decides */
export function connectionsText({ client, connections }: Chosen, lasting = 'kept alive'): string {
  return client === 'fetch'
    ? `up to ${connections} requests at once, each on a connection of its own, opened by fetch as needed, ${lasting}`
    : `up to ${connections}, ${lasting}, one request at a time on each`;
}

/** The same for a target, whose server decides how long they last. */
export function targetConnectionsText(options: Chosen, httpVersion: number): string {
  if (httpVersion !== 2) return connectionsText(options, 'kept alive where the target does');
  return `one, and up to ${options.connections} where 100 requests at once are not enough`;
}

/** Time-outs and headers that fetch has beyond the caller's own. */
export function profileText({ client }: Chosen): string {
  return client === 'fetch'
    ? '; fetch as shipped: it accepts gzip and br, and gives up on a reply after 300 s'
    : '';
}
