// Not `undici`: the whole of it (fetch, caches, mocks) costs each start 30 ms more.
import Client from 'undici/lib/dispatcher/client.js';
import type { Address, Connection } from '../../kernel/transport.ts';
import { type Connections, openConnections } from './connections.ts';
import type { Dialect } from './dialect.ts';
import { HttpExchange } from './exchange.ts';
import { createHttpLanes } from './lanes.ts';
import type { HttpOptions } from './options.ts';

/**
 * The caller's side over HTTP: undici's clients, one request at a time on each connection, and one
 * queue before them. `dispatch` is undici's own lowest level: nothing but the exchange per call.
 * All connections are opened beforehand; lost ones are opened again when they are needed.
 */
export async function openUndiciCaller(
  { url }: Address,
  options: HttpOptions,
  dialect: Dialect,
): Promise<Connection> {
  const connections = await openConnections(url, options.connections);
  const clients = Array.from({ length: options.connections }, () => openClient(url, connections));
  const lanes = createHttpLanes(clients, options.maxWaiting);
  return {
    send: (message, sendOptions) => {
      const exchange = new HttpExchange(message, dialect, lanes, sendOptions?.signal);
      if (sendOptions?.signal?.aborted) exchange.cancel();
      else lanes.take(exchange);
      return exchange.result;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.destroy()));
      connections.dispose();
    },
  };
}

function openClient(url: string, { connect }: Connections): Client {
  return new Client(url, {
    pipelining: 1,
    allowH2: false,
    // The caller's deadline ends a wait, not a second clock behind its back.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 600_000,
    connect,
  });
}
