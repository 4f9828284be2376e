import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { CommbenchError, systemCode } from '../../kernel/errors.ts';
import type { SessionEvent } from '../../trial/session/session.ts';
import type { Desk, Moment } from './desk.ts';
import { parseIntent } from './grammar.ts';

const PAGE = fileURLToPath(new URL('../../../pages/live.html', import.meta.url));
const HOST = '127.0.0.1';
const TOKEN_BYTES = 18;
/** Of a line of the page. */
const MOST_BYTES = 500;
/** Pages at once. */
const MOST_PAGES = 8;

/** A session's page on loopback. Disposing ends it. */
export interface LivePage extends AsyncDisposable {
  /** With the token, by which alone it answers. */
  readonly url: string;
  /** Shows this session from now on. */
  attend(desk: Desk): void;
  /** Shows a last line. */
  end(text: string): void;
}

/** A page that is open. */
interface Viewer {
  readonly response: ServerResponse;
  /** News that it has got. */
  seen: number;
}

/**
 * @param port 0: a free one
 * @param lost called when the last open page was closed
 * @throws CommbenchError port-taken
 */
export async function openPage(port: number, lost: () => void): Promise<LivePage> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const html = readFileSync(PAGE, 'utf8');
  const viewers = new Set<Viewer>();
  let desk: Desk | undefined;
  const news: SessionEvent[] = [];
  const server = createServer((request, response) => {
    const { port: own } = server.address() as AddressInfo;
    const refused = refusedStatus(request, { port: own, token });
    if (refused !== undefined) return void response.writeHead(refused, HEADERS).end();
    const place = `${request.method} ${request.url!.slice(token.length + 2)}`;
    if (place === 'GET ') return void response.writeHead(200, { ...HEADERS, ...ofHtml(html) }).end(html);
    if (place === 'GET figures' && viewers.size < MOST_PAGES) return view(response);
    if (place === 'POST act') return void take(request, response, desk);
    response.writeHead(404, HEADERS).end();
  });

  const view = (response: ServerResponse): void => {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    const viewer = { response, seen: 0 };
    viewers.add(viewer);
    response.on('close', () => {
      if (viewers.delete(viewer) && viewers.size === 0 && desk && !desk.session.over.aborted) lost();
    });
    if (desk) send(response, 'plan', desk.plan);
  };
  const sendAll = (type: string, data: object): void => {
    for (const { response } of viewers) send(response, type, data);
  };

  await listening(server, port);
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${own}/${token}/`,
    attend(attended) {
      desk = attended;
      sendAll('plan', attended.plan);
      attended.watch((moment: Moment, happened) => {
        news.push(...happened);
        for (const viewer of viewers) {
          // One that came later, or took nothing for a while, is told all that happened since.
          if (send(viewer.response, 'moment', { moment, news: news.slice(viewer.seen) }))
            viewer.seen = news.length;
        }
      });
    },
    end(text) {
      for (const { response } of viewers) write(response, 'end', { text });
    },
    async [Symbol.asyncDispose]() {
      for (const { response } of viewers) response.end();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Its own script and style by their hashes, and nothing from anywhere else. */
function ofHtml(html: string): Readonly<Record<string, string>> {
  const hashOf = (tag: string) => {
    const [, text = ''] = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(html) ?? [];
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf('script')}`,
    `style-src ${hashOf('style')}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy.join('; ') };
}

/**
 * The status by which a request is refused: it must name this host, as another name may be resolved to it; come from the
 * page itself; and know the token. undefined: it is answered.
 */
export function refusedStatus(
  { method, url = '', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  { port, token }: { readonly port: number; readonly token: string },
): number | undefined {
  const hosts = [`${HOST}:${port}`, `localhost:${port}`];
  const { host = '', origin } = headers;
  if (!hosts.includes(host)) return 421;
  if (origin === undefined ? method !== 'GET' : origin !== `http://${host}`) return 403;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 403;
  return isSame(url.slice(0, token.length + 2), `/${token}/`) ? undefined : 404;
}

function isSame(found: string, expected: string): boolean {
  const [a, b] = [Buffer.from(found), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A page that takes nothing is sent nothing more. @returns whether it was sent */
function send(response: ServerResponse, type: string, data: object): boolean {
  if (response.writableNeedDrain) return false;
  write(response, type, data);
  return true;
}

function write(response: ServerResponse, type: string, data: object): void {
  response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  desk: Desk | undefined,
): Promise<void> {
  const answer = (status: number, text: string) =>
    void response
      .writeHead(status, { ...HEADERS, 'content-type': 'application/json' })
      .end(JSON.stringify({ text }));
  try {
    // A page that was closed meanwhile is answered nothing.
    const line = await bodyOf(request).catch(() => null);
    if (line === null) return void response.destroy();
    if (line === undefined) return answer(413, `A line has at most ${MOST_BYTES} bytes`);
    if (!desk) return answer(409, 'The load has not begun yet');
    answer(200, desk.act(parseIntent(line)));
  } catch (error) {
    if (!(error instanceof CommbenchError)) throw error;
    answer(409, error.message);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

async function listening(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, HOST, resolve);
  try {
    await promise;
  } catch (cause) {
    if (systemCode(cause) !== 'EADDRINUSE') throw cause;
    throw new CommbenchError('port-taken', `The port ${port} is taken`, {
      hint: 'Choose another one with --port, or none: then a free one is found.',
      cause,
    });
  }
}
