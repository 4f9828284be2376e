import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailureStatus, Handled } from '../../kernel/contract.ts';
import { decodeEnvelope, ENVELOPE_HEADER } from '../../kernel/envelope.ts';
import { CommbenchError, systemCode } from '../../kernel/errors.ts';
import type { Address, Handler, ServeContext, Server } from '../../kernel/transport.ts';
import type { RestOptions } from './options.ts';
import { operationAt, routeOf } from './routes.ts';

const STATUS_OF: Readonly<Record<FailureStatus, number>> = {
  'bad-request': 400,
  'not-found': 404,
  overloaded: 503,
  'deadline-passed': 504,
  internal: 500,
};
const NOT_FOUND = 404;
const BAD_REQUEST = 400;
const TOO_LARGE = 413;

/** Connections that wait to be accepted while the service is frozen. */
const BACKLOG = 1024;
const MAX_CONNECTIONS = 4096;
/** An orderly end waits so long for requests at work. */
const STOP_MS = 600;

/** The service's side of REST: bare node:http on loopback, keep-alive, no Nagle. */
export async function serveRest(handler: Handler, context: ServeContext<RestOptions>): Promise<Server> {
  const { keepAliveMs, maxBodyBytes } = context.options;
  const http = createServer(
    { noDelay: true, keepAlive: true, keepAliveTimeout: keepAliveMs, maxHeaderSize: 16 * 1024 },
    (request, response) => receive(request, response, handler, maxBodyBytes),
  );
  http.maxConnections = MAX_CONNECTIONS;
  const port = await listen(http, context.address);
  return {
    address: { url: `http://127.0.0.1:${port}` },
    [Symbol.asyncDispose]: () => close(http),
  };
}

async function listen(http: HttpServer, address: Address | undefined): Promise<number> {
  const port = address ? Number(new URL(address.url).port) : 0;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  http.once('error', reject);
  http.listen({ port, host: '127.0.0.1', backlog: BACKLOG }, resolve);
  try {
    await promise;
  } catch (error) {
    if (systemCode(error) !== 'EADDRINUSE') throw error;
    throw new CommbenchError('port-taken', `Expected port ${port} of 127.0.0.1 to be free, found it taken`, {
      hint: `Somebody else took it meanwhile; see who: ss -ltnp 'sport = :${port}'`,
      cause: error,
    });
  }
  return (http.address() as AddressInfo).port;
}

/** Takes no more requests, waits within bounds for those at work, then drops every connection. */
async function close(http: HttpServer): Promise<void> {
  const closed = new Promise((resolve) => http.close(resolve));
  http.closeIdleConnections();
  await Promise.race([closed, sleep(STOP_MS, undefined, { ref: false })]);
  http.closeAllConnections();
  await closed;
}

/** Reads the body, bounded, and hands the message on. */
function receive(
  request: IncomingMessage,
  response: ServerResponse,
  handler: Handler,
  maxBodyBytes: number,
): void {
  // Nearly every body comes in one piece; only more than one is put together.
  let body: Buffer | undefined;
  let tooLarge = false;
  request.on('data', (chunk: Buffer) => {
    if ((body?.length ?? 0) + chunk.length > maxBodyBytes) tooLarge = true;
    else body = body ? Buffer.concat([body, chunk]) : chunk;
  });
  request.once('end', () => {
    if (tooLarge) refuse(response, TOO_LARGE, `Expected a body of at most ${maxBodyBytes} bytes`);
    else dispatch(request, response, handler, body);
  });
}

function dispatch(
  request: IncomingMessage,
  response: ServerResponse,
  handler: Handler,
  body: Buffer | undefined,
): void {
  const operation = operationAt(request.method!, request.url!);
  if (operation === undefined) return refuse(response, NOT_FOUND, `No ${request.method} ${request.url} here`);
  const header = request.headers[ENVELOPE_HEADER];
  const envelope = typeof header === 'string' ? decodeEnvelope(header) : undefined;
  if (!envelope) return refuse(response, BAD_REQUEST, `Expected the header ${ENVELOPE_HEADER}`);
  let content: unknown;
  try {
    content = body && JSON.parse(body.toString());
  } catch {
    return refuse(response, BAD_REQUEST, 'Expected JSON');
  }
  const message = { operation, body: content, envelope, redelivered: false };
  // No catch: a handler that rejects could not record its effect, and must end the service.
  void handler(message).then((handled) => answer(response, operation, handled));
}

function answer(response: ServerResponse, operation: string, handled: Handled): void {
  if (handled.kind === 'done') return reply(response, routeOf(operation)!.status, handled.body);
  reply(response, STATUS_OF[handled.status], {
    error: handled.detail,
    effect: handled.noEffect ? 'none' : 'unknown',
  });
}

/** Our own refusals come before any work: they have no effect, and say so. */
function refuse(response: ServerResponse, status: number, error: string): void {
  reply(response, status, { error, effect: 'none' });
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(text)),
  ]);
  response.end(text);
}
