import { endsWithin } from '../../kernel/wait.ts';
import { createServer, type Server as Listener, type Socket } from 'node:net';
import {
  Server as GrpcServer,
  ServerCredentials,
  type Metadata,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import type { Handled } from '../../kernel/contract.ts';
import { decodeEnvelope, type Envelope, ENVELOPE_HEADER } from '../../kernel/envelope.ts';
import { listenOnLoopback } from '../../platform/net/listen.ts';
import type { Handler, ServeContext, Server, StreamHandler } from '../../kernel/transport.ts';
import { loadMethods, type Method } from './methods.ts';
import type { GrpcOptions } from './options.ts';
import { statusOf } from './status.ts';
import { writeStream } from './write-stream.ts';

const MAX_CONNECTIONS = 4096;
/** Beyond any caller's open calls: overload is reported by the service's own limit and queue. */
const MAX_STREAMS = 1_000_000;
/** Time for open calls in an orderly end. */
const STOP_MS = 600;

/** The service's side of gRPC: grpc-js behind a listener of our own, on loopback, without Nagle. */
export async function serveGrpc(handler: Handler, context: ServeContext<GrpcOptions>): Promise<Server> {
  const grpc = new GrpcServer({
    'grpc.max_concurrent_streams': MAX_STREAMS,
    'grpc.max_receive_message_length': context.options.maxMessageBytes,
    'grpc.enable_channelz': 0,
  });
  const methods = loadMethods(context.options.encoding, context.contractVersion);
  for (const [operation, method] of methods) {
    if (!method.responseStream) register(grpc, method, 'unary', unaryHandler(operation, handler));
    else if (context.stream)
      register(grpc, method, 'serverStream', streamingHandler(operation, context.stream));
  }

  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    injector.injectConnection(socket);
  });
  listener.maxConnections = MAX_CONNECTIONS;
  const port = await listenOnLoopback(listener, context.address);
  return {
    address: { url: `grpc://127.0.0.1:${port}` },
    [Symbol.asyncDispose]: () => close(grpc, listener, sockets),
  };
}

type Unary = (call: ServerUnaryCall<object, object>, respond: sendUnaryData<object>) => void;
type Streaming = (call: ServerWritableStream<object, object>) => void;

function register(
  grpc: GrpcServer,
  method: Method,
  type: 'unary' | 'serverStream',
  handle: Unary | Streaming,
): void {
  grpc.register(method.path, handle, method.responseSerialize, method.requestDeserialize, type);
}

/** Takes no more calls, waits within bounds for those at work, then drops every connection. */
async function close(grpc: GrpcServer, listener: Listener, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise((resolve) => listener.close(resolve));
  // Each connection is closed after its last call. The callback comes too early: Node has begun to
  // close the sessions by then, and the library takes that for having closed them.
  grpc.tryShutdown(() => undefined);
  await endsWithin(STOP_MS, closed);
  for (const socket of sockets) socket.destroy();
  await closed;
}

const NO_ENVELOPE = statusOf({
  kind: 'failed',
  status: 'bad-request',
  noEffect: true,
  detail: `Expected the metadata ${ENVELOPE_HEADER}`,
});

function unaryHandler(operation: string, handler: Handler): Unary {
  return ({ metadata, request }, respond) => {
    const envelope = envelopeOf(metadata);
    if (!envelope) return respond(NO_ENVELOPE);
    const message = { operation, body: request, envelope, redelivered: false };
    // No catch: a handler that rejects could not record its effect, and must end the service.
    void handler(message).then((handled) => answer(respond, handled));
  };
}

function answer(respond: sendUnaryData<object>, handled: Handled): void {
  if (handled.kind === 'done') respond(null, handled.body as object);
  else respond(statusOf(handled));
}

function streamingHandler(operation: string, handler: StreamHandler): Streaming {
  return (call) => {
    const envelope = envelopeOf(call.metadata);
    if (!envelope) return void call.emit('error', NO_ENVELOPE);
    const message = { operation, body: call.request, envelope, redelivered: false };
    // No catch, as above.
    void writeStream(call, (signal) => handler(message, signal));
  };
}

function envelopeOf(metadata: Metadata): Envelope | undefined {
  const [text] = metadata.get(ENVELOPE_HEADER);
  return typeof text === 'string' ? decodeEnvelope(text) : undefined;
}
