import { once } from 'node:events';
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { ConnectContext, Connection } from '../../kernel/transport.ts';
import { connectGrpcBy } from './connect-by.ts';
import type { GrpcOptions } from './options.ts';

/** The response headers of the libraries' own servers; with its JSON, Connect reads no other type. */
function headersFor({ client, encoding }: GrpcOptions) {
  const isJson = client === 'connect' && encoding === 'json';
  return { ':status': 200, 'content-type': `application/grpc+${isJson ? 'json' : 'proto'}` };
}
/** A message of no bytes, uncompressed: every message of ours may be empty. */
const EMPTY = Buffer.alloc(5);

/** The client, connected to as little of a server as will do: each call gets one empty message and OK. */
export async function rehearseGrpc(context: ConnectContext<GrpcOptions>): Promise<Connection> {
  const sessions = new Set<ServerHttp2Session>();
  const headers = headersFor(context.options);
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => stream.destroy());
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.respond(headers, { waitForTrailers: true });
    stream.end(EMPTY);
    stream.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `grpc://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = await connectGrpcBy({ url }, context);
  return {
    // Any operation suffices, as the same client code carries it.
    send: (message, options) => connection.send({ ...message, operation: 'nothing', body: {} }, options),
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      for (const session of sessions) session.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
