import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeEnvelope } from '../../kernel/envelope.ts';
import type { Handler, ServeContext, Server } from '../../kernel/transport.ts';
import { readLines, type RequestLine, writeLine } from './lines.ts';
import type { TemplateOptions } from './options.ts';

/** An orderly end waits so long for requests at work. */
const STOP_MS = 600;

export async function serveTemplate(
  handler: Handler,
  context: ServeContext<TemplateOptions>,
): Promise<Server> {
  const sockets = new Set<Socket>();
  let atWork = 0;

  const receive = (socket: Socket, { id, operation, envelope: text, body }: RequestLine) => {
    const envelope = decodeEnvelope(text);
    if (!envelope) return socket.destroy();
    atWork++;
    // No catch: a handler that rejects could not record its effect, and must end the service.
    void handler({ operation, body, envelope, redelivered: false }).then((handled) => {
      atWork--;
      writeLine(socket, { id, handled });
    });
  };

  // Loopback only, and Nagle off: always, on both sides.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    readLines<RequestLine>(socket, context.options.maxLineBytes, (line) => receive(socket, line));
  });
  // After a restart the service is found where it was.
  const port = context.address ? Number(new URL(context.address.url).port) : 0;
  await once(server.listen({ port, host: '127.0.0.1' }), 'listening');

  return {
    address: { url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      const until = performance.now() + STOP_MS;
      while (atWork > 0 && performance.now() < until) await sleep(5);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
