// Not `undici`: the whole of it (fetch, caches, mocks) costs each start 30 ms more.
import Client from 'undici/lib/dispatcher/client.js';
import type { Address, Connection, SendOptions } from '../../kernel/transport.ts';
import { type Connections, openConnections } from './connections.ts';
import type { Dialect } from './dialect.ts';
import { HttpExchange } from './exchange.ts';
import { createHttpLanes } from './lanes.ts';
import type { HttpOptions } from './options.ts';
import { PLAIN_HTTP, type Protocol } from './protocol.ts';

/** A server closes an idle connection this much later than we do, by its own hint: no request meets the end of one. */
const HINT_MARGIN_MS = 200;
/** Streams at once on one connection of HTTP/2: undici's own limit, and the least that RFC 9113 recommends to servers. */
const STREAMS = 100;

/**
 * The caller's side over HTTP: undici's clients, one request at a time on each connection (with HTTP/2 up to 100), and
 * one queue before them. `dispatch` is undici's own lowest level: nothing but the exchange per call.
 * All connections are opened beforehand; lost ones are opened again when they are needed. Of HTTP/2 one is, and the next
 * when it is full.
 */
export async function openUndiciCaller(
  { url }: Address,
  options: HttpOptions,
  dialect: Dialect,
  { isHttp2, secure }: Protocol = PLAIN_HTTP,
): Promise<Connection> {
  const count = isHttp2 ? 1 : options.connections;
  const connections = await openConnections(url, { count, isHttp2, secure });
  const clients = Array.from({ length: options.connections }, () => openClient(url, connections, isHttp2));
  const places = isHttp2 ? clients.flatMap((client) => Array<Client>(STREAMS).fill(client)) : clients;
  const lanes = createHttpLanes(places, options.maxWaiting);
  // With its parser: nobody else needs it.
  const stream = dialect.itemOf ? await import('./event-stream.ts') : undefined;
  const begin = (exchange: HttpExchange, signal: SendOptions['signal']): HttpExchange => {
    if (signal?.aborted) exchange.cancel();
    else lanes.take(exchange);
    return exchange;
  };
  return {
    send: (message, sendOptions) => {
      const signal = sendOptions?.signal;
      return begin(new HttpExchange(message, dialect, lanes, signal), signal).result;
    },
    ...(stream
      ? {
          open(message, sendOptions) {
            const signal = sendOptions?.signal;
            const items = stream.eventItemsOf(dialect, message);
            const exchange = new HttpExchange(message, dialect, lanes, signal, items.receive);
            void begin(exchange, signal).result.then(items.over);
            return items.read(exchange);
          },
        }
      : {}),
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.destroy()));
      connections.dispose();
    },
  };
}

function openClient(url: string, { connect }: Connections, isHttp2: boolean): Client {
  return new Client(url, {
    pipelining: 1,
    allowH2: isHttp2,
    // The caller's deadline ends a wait, not a second clock behind its back.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 600_000,
    // By default 2 s: hints up to that would end the connection with each reply.
    keepAliveTimeoutThreshold: HINT_MARGIN_MS,
    connect,
  });
}
