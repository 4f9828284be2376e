import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { DescMethod, DescMethodServerStreaming, DescMethodUnary, Message } from '@bufbuild/protobuf';
import type { ConnectRouter, HandlerContext } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { decodeEnvelope, ENVELOPE_HEADER } from '../../../kernel/envelope.ts';
import type { Handler, Incoming, ServeContext, Server, StreamHandler } from '../../../kernel/transport.ts';
import { endsWithin } from '../../../kernel/wait.ts';
import { listenOnLoopback } from '../../../platform/net/listen.ts';
import type { GrpcOptions } from '../options.ts';
import { bodyCodecOf } from './bodies.ts';
import { describeMethods } from './descriptors.ts';
import { connectErrorOf, NO_ENVELOPE } from './errors.ts';

const MAX_CONNECTIONS = 4096;
/** Beyond any caller's open calls: overload is reported by the service's own limit and queue. */
const MAX_STREAMS = 1_000_000;
/** Time for open calls in an orderly end. */
const STOP_MS = 600;

/** The service's side of gRPC by Connect, on Node's own HTTP/2 server: on loopback, without Nagle. */
export async function serveGrpcByConnect(
  handler: Handler,
  { options, address, stream, contractVersion }: ServeContext<GrpcOptions>,
): Promise<Server> {
  const { maxMessageBytes } = options;
  const adapter = connectNodeAdapter({
    routes: (router) => routes(router, describeMethods(contractVersion), { handler, stream }),
    grpc: true,
    grpcWeb: false,
    connect: false,
    readMaxBytes: maxMessageBytes,
    // The library's own would compress every message of 1 KiB and more.
    acceptCompression: [],
  });
  const http = createServer({ settings: { maxConcurrentStreams: MAX_STREAMS } }, adapter);
  http.maxConnections = MAX_CONNECTIONS;
  const connections = trackConnections(http);
  const port = await listenOnLoopback(http, address);
  return {
    address: { url: `grpc://127.0.0.1:${port}` },
    [Symbol.asyncDispose]: () => close(http, connections),
  };
}

interface Connections {
  readonly sockets: ReadonlySet<Socket>;
  readonly sessions: ReadonlySet<ServerHttp2Session>;
}

function trackConnections(http: Http2Server): Connections {
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  http.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  http.on('session', (session: ServerHttp2Session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  return { sockets, sessions };
}

/** Takes no more calls, waits within bounds for those at work, then drops every connection. */
async function close(http: Http2Server, { sockets, sessions }: Connections): Promise<void> {
  const closed = new Promise((resolve) => http.close(resolve));
  for (const session of sessions) session.close();
  await endsWithin(STOP_MS, closed);
  for (const socket of sockets) socket.destroy();
  await closed;
}

function routes(
  router: ConnectRouter,
  methods: ReadonlyMap<string, DescMethod>,
  { handler, stream }: { readonly handler: Handler; readonly stream: StreamHandler | undefined },
): void {
  for (const [operation, method] of methods) {
    if (method.methodKind === 'unary')
      router.rpc(method as DescMethodUnary, unaryOf(operation, method, handler));
    else if (method.methodKind === 'server_streaming' && stream)
      router.rpc(method as DescMethodServerStreaming, streamingOf(operation, method, stream));
  }
}

function unaryOf(operation: string, { input, output }: DescMethod, handler: Handler) {
  const [request, response] = [bodyCodecOf(input), bodyCodecOf(output)];
  return async (message: Message, context: HandlerContext): Promise<Message> => {
    const work = handler(incomingOf(operation, request.toBody(message), context));
    // Subtle: the library would make a reply of a rejection. But a handler that rejects could not record its effect, and
    // must end the service: this second branch of the promise has no catch.
    void work.then(ignore);
    const handled = await work;
    if (handled.kind === 'failed') throw connectErrorOf(handled);
    return response.toMessage(handled.body);
  };
}

function streamingOf(operation: string, { input, output }: DescMethod, handler: StreamHandler) {
  const [request, response] = [bodyCodecOf(input), bodyCodecOf(output)];
  return async function* (message: Message, context: HandlerContext): AsyncGenerator<Message> {
    const incoming = incomingOf(operation, request.toBody(message), context);
    const items = unlessDefect(handler(incoming, context.signal));
    // Subtle: where the caller leaves while an item waits to be written, the library never asks for the next one, and
    // never ends the loop. The work is ended from here.
    context.signal.addEventListener('abort', () => void items.return(undefined), { once: true });
    for await (const handled of items) {
      if (context.signal.aborted) return;
      if (handled.kind === 'failed') throw connectErrorOf(handled);
      yield response.toMessage(handled.body);
    }
  };
}

/** @throws ConnectError without an envelope */
function incomingOf(operation: string, body: unknown, { requestHeader }: HandlerContext): Incoming {
  const envelope = decodeEnvelope(requestHeader.get(ENVELOPE_HEADER) ?? '');
  if (!envelope) throw connectErrorOf(NO_ENVELOPE);
  return { operation, body, envelope, redelivered: false };
}

/** The items; a work that rejects ends the service, as above. */
async function* unlessDefect<Item>(work: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* work;
  } catch (error) {
    void Promise.reject(error);
    throw error;
  }
}

function ignore(): void {}
