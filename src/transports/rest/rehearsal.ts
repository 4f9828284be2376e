import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { ConnectContext, Connection } from '../../kernel/transport.ts';
import { connectRest } from './client.ts';
import type { RestOptions } from './options.ts';

/** The answer of node:http: the same headers have to be read from it. */
const ANSWER = [
  'HTTP/1.1 200 OK',
  'content-type: application/json',
  'content-length: 2',
  'Date: Thu, 01 Jan 1970 00:00:00 GMT',
  'Connection: keep-alive',
  'Keep-Alive: timeout=5',
  '',
  '{}',
].join('\r\n');

/** The client, connected to a minimal server: each request, received in one chunk, gets the same answer. */
export async function rehearseRest(context: ConnectContext<RestOptions>): Promise<Connection> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('data', () => void socket.write(ANSWER));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = await connectRest({ url, path: '/' }, context);
  return {
    send: connection.send,
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
