import type { Address, Connection } from '../../kernel/transport.ts';
import type { Dialect } from './dialect.ts';
import { FetchExchange, type FetchLane } from './fetch-exchange.ts';
import { createHttpLanes } from './lanes.ts';
import type { HttpOptions } from './options.ts';

/**
 * The caller's side over HTTP by Node's own `fetch`, whose pool opens a connection for each request under way. It knows
 * no bound, so ours is before it: as many requests at once as undici has connections, and the same queue for the others.
 */
export function openFetchCaller({ url }: Address, options: HttpOptions, dialect: Dialect): Connection {
  const open = new Set<FetchExchange>();
  const all = Array.from({ length: options.connections }, (_, index): FetchLane => ({ index }));
  const lanes = createHttpLanes(all, options.maxWaiting);
  return {
    async send(message, sendOptions) {
      const exchange = new FetchExchange(message, { url, dialect, lanes }, sendOptions?.signal);
      if (sendOptions?.signal?.aborted) exchange.cancel();
      else lanes.take(exchange);
      open.add(exchange);
      const result = await exchange.result;
      open.delete(exchange);
      return result;
    },
    // Its idle connections are the process's own: they end with the server, or when they have been idle for long.
    async [Symbol.asyncDispose]() {
      for (const exchange of open) exchange.abandon();
    },
  };
}
