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
  const atWork = new Set<Promise<void>>();

  const receive = (socket: Socket, { id, operation, envelope: text, body }: RequestLine): void => {
    const envelope = decodeEnvelope(text);
    if (!envelope) return void socket.destroy();
    // No catch: a handler that rejects could not record its effect, and must end the service.
    const work = handler({ operation, body, envelope, redelivered: false }).then((handled) => {
      atWork.delete(work);
      writeLine(socket, { id, handled });
    });
    atWork.add(work);
  };

  // Loopback only, and Nagle off: always, on both sides.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    readLines(socket, context.options.maxLineBytes, (line) => receive(socket, line as RequestLine));
  });
  // After a restart the service is found where it was.
  const port = context.address ? Number(new URL(context.address.url).port) : 0;
  await once(server.listen({ port, host: '127.0.0.1' }), 'listening');

  return {
    address: { url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      await Promise.race([Promise.all(atWork), sleep(STOP_MS, undefined, { ref: false })]);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
