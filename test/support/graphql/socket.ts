import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

interface Said {
  readonly type: string;
  readonly id: string;
  readonly payload?: { readonly token?: string; readonly variables: { readonly n: number } };
}

/** An answer of a server, less its id; `drop` ends the connection, `close` with this code. */
export type SocketAnswer =
  | { readonly type: string; readonly payload?: unknown }
  | { readonly drop: true }
  | { readonly close: number };

/**
 * A server of graphql-transport-ws, written by its protocol alone
 * (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md).
 * @param answers to one operation
 * @param server that it is reached by; default: one of its own without TLS
 */
export async function startGraphqlSocket(
  answers: (variables: { readonly n: number }) => readonly SocketAnswer[],
  server?: Server,
) {
  const seen = {
    connections: 0,
    logins: new Set<unknown>(),
    headers: new Set<unknown>(),
    hosts: new Set<unknown>(),
    heard: [] as number[],
  };
  const at = server ? { server } : { port: 0, host: '127.0.0.1' };
  const sockets = new WebSocketServer({ ...at, handleProtocols: () => 'graphql-transport-ws' });
  server?.listen(0, '127.0.0.1');
  await once(server ?? sockets, 'listening');
  sockets.on('connection', (socket, request) => {
    seen.connections++;
    seen.headers.add(request.headers['x-tenant']);
    seen.hosts.add(request.headers.host);
    const say = (message: object) => socket.send(JSON.stringify(message));
    socket.on('message', (data: Buffer) => {
      const { type, id, payload } = JSON.parse(data.toString()) as Said;
      if (type === 'connection_init') {
        seen.logins.add(payload?.token);
        say({ type: 'connection_ack' });
      }
      if (type !== 'subscribe' || !payload) return;
      seen.heard.push(payload.variables.n);
      for (const answer of answers(payload.variables)) {
        if ('drop' in answer) return socket.terminate();
        if ('close' in answer) return socket.close(answer.close, 'Forbidden');
        say({ id, ...answer });
      }
    });
  });
  return {
    seen,
    port: ((server ?? sockets).address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server?.close();
    },
  };
}

export const nextOf = (data: object) => ({ type: 'next', payload: { data } });
export const COMPLETE = { type: 'complete' };
