import { endsWithin } from '../../kernel/wait.ts';
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  Server as HttpServer,
  ServerResponse,
} from 'node:http';
import { decodeEnvelope, type Envelope, ENVELOPE_HEADER } from '../../kernel/envelope.ts';
import { listenOnLoopback } from '../../platform/net/listen.ts';
import type { Address, Server } from '../../kernel/transport.ts';
import type { HttpOptions } from './options.ts';

/** Not imported: that would also load the lazy exports of node:http, all of fetch, for 30 ms at each start. */
const { createServer } = process.getBuiltinModule('node:http');

const BAD_REQUEST = 400;
const TOO_LARGE = 413;

const MAX_CONNECTIONS = 4096;
/** Time for open requests in an orderly end. */
const STOP_MS = 600;

/** A request, read to its end. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly envelope: Envelope;
  readonly body: Buffer | undefined;
}

/** A transport's handling of its callers' requests. */
export interface Guest {
  receive(request: HttpRequest, response: ServerResponse): void;
  /** The host's own refusal, in the transport's words: before any work, so without effect. */
  refuse(response: ServerResponse, status: number, detail: string): void;
}

/** Settings of every HTTP server of ours, whatever handles its requests: keep-alive, no Nagle. */
export const SERVER_SETTINGS = { noDelay: true, keepAlive: true, maxHeaderSize: 16 * 1024 } as const;

/** The service's side over HTTP: bare node:http, whose requests are read to their end. */
export function openHost(guest: Guest, options: HttpOptions, address: Address | undefined): Promise<Server> {
  const listener: RequestListener = (request, response) =>
    read(request, response, guest, options.maxBodyBytes);
  return openListener(listener, options, address);
}

/** The same host for a listener that reads its requests itself. */
export function openListener(
  listener: RequestListener,
  { keepAliveMs }: HttpOptions,
  address: Address | undefined,
): Promise<Server> {
  return listenWith(createServer({ ...SERVER_SETTINGS, keepAliveTimeout: keepAliveMs }, listener), address);
}

/** Serves on loopback by a server that is complete. */
export async function listenWith(http: HttpServer, address: Address | undefined): Promise<Server> {
  http.maxConnections = MAX_CONNECTIONS;
  const port = await listenOnLoopback(http, address);
  return {
    address: { url: `http://127.0.0.1:${port}` },
    [Symbol.asyncDispose]: () => close(http),
  };
}

/** Answers with JSON; without a body where it is undefined. */
export function reply(response: ServerResponse, status: number, body: unknown): void {
  if (body === undefined) {
    response.writeHead(status);
    response.end();
    return;
  }
  replyText(response, status, JSON.stringify(body));
}

/** Answers with JSON that is text already. */
export function replyText(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = 'application/json',
): void {
  response.writeHead(status, [
    'content-type',
    contentType,
    'content-length',
    String(Buffer.byteLength(text)),
  ]);
  response.end(text);
}

/** Takes no more requests, waits within bounds for those at work, then drops every connection. */
async function close(http: HttpServer): Promise<void> {
  const closed = new Promise((resolve) => http.close(resolve));
  http.closeIdleConnections();
  await endsWithin(STOP_MS, closed);
  http.closeAllConnections();
  await closed;
}

/** Reads the body, bounded, and hands the request on. */
function read(request: IncomingMessage, response: ServerResponse, guest: Guest, maxBodyBytes: number): void {
  // Nearly every body comes in one chunk; only several are concatenated.
  let body: Buffer | undefined;
  let tooLarge = false;
  request.on('data', (chunk: Buffer) => {
    if ((body?.length ?? 0) + chunk.length > maxBodyBytes) tooLarge = true;
    else body = body ? Buffer.concat([body, chunk]) : chunk;
  });
  request.once('end', () => {
    if (tooLarge) guest.refuse(response, TOO_LARGE, `Expected a body of at most ${maxBodyBytes} bytes`);
    else hand(request, response, guest, body);
  });
}

function hand(
  request: IncomingMessage,
  response: ServerResponse,
  guest: Guest,
  body: Buffer | undefined,
): void {
  const { headers } = request;
  const header = headers[ENVELOPE_HEADER];
  const envelope = typeof header === 'string' ? decodeEnvelope(header) : undefined;
  if (!envelope) return guest.refuse(response, BAD_REQUEST, `Expected the header ${ENVELOPE_HEADER}`);
  guest.receive({ method: request.method!, url: request.url!, headers, envelope, body }, response);
}
