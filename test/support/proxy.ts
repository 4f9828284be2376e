import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Address } from '../../src/kernel/transport.ts';

/** A TCP proxy in front of a server or broker: takes the connection away in the ways that nature knows. */
export interface Proxy extends AsyncDisposable {
  /** The address behind it, reached through it. */
  readonly address: Address;
  /** What comes back is held from now on: requests arrive, replies don't. */
  holdReplies(): void;
  /** In place of each reply comes something that no protocol says. */
  garbleReplies(): void;
  /** Resets every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Takes connections again and hands on everything. */
  restore(): Promise<void>;
}

/** Long enough to fill any header, and the same length in every byte: no protocol reads a small size from it. */
const GARBAGE = Buffer.alloc(256, '?');

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
}

export async function openProxy(target: Address): Promise<Proxy> {
  const { hostname, port } = new URL(target.url);
  const pairs = new Set<Pair>();
  let treatment: 'hand on' | 'hold' | 'garble' = 'hand on';

  const accept = (client: Socket) => {
    const upstream = connect({ host: hostname, port: Number(port), noDelay: true });
    const pair = { client: client.setNoDelay(true), upstream };
    pairs.add(pair);
    client.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk) => {
      if (treatment === 'hand on') client.write(chunk);
      else if (treatment === 'garble') client.write(GARBAGE);
    });
    for (const socket of [client, upstream]) {
      socket.on('error', () => {});
      socket.on('close', () => drop(pair));
    }
  };
  const drop = (pair: Pair) => {
    pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.upstream.destroy();
  };

  let server = await listen(accept, 0);
  const ownPort = (server.address() as { port: number }).port;
  const url = new URL(target.url);
  url.port = String(ownPort);

  const cut = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const pair of pairs) drop(pair);
    await closed;
  };
  return {
    address: { ...target, url: url.href.replace(/\/$/, '') },
    holdReplies() {
      treatment = 'hold';
    },
    garbleReplies() {
      treatment = 'garble';
    },
    cut,
    async restore() {
      treatment = 'hand on';
      if (!server.listening) server = await listen(accept, ownPort);
    },
    [Symbol.asyncDispose]: cut,
  };
}

async function listen(accept: (socket: Socket) => void, port: number): Promise<Server> {
  const server = createServer({ noDelay: true }, accept);
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return server;
}
