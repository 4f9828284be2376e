import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { type Envelope, traced } from '../../kernel/envelope.ts';
import { type Fill, parseText } from '../../kernel/text-template.ts';
import type { Address } from '../../kernel/transport.ts';

/** Headers of every target over HTTP. */
export const headersSchema = z
  .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,200}$/, 'the name of a header'), z.string().max(8000))
  .default({})
  .describe('sent with every request; values may have {{holes}}');

export type Headers = z.infer<typeof headersSchema>;

export const httpVersionSchema = z
  .literal([1.1, 2])
  .default(1.1)
  .describe('version of HTTP; 2 over http:// by prior knowledge: the server must know it too');

export function alpnOfHttp({ httpVersion }: { readonly httpVersion: number }): readonly string[] {
  return [httpVersion === 2 ? 'h2' : 'http/1.1'];
}

/** Where a server over HTTP is given credentials. */
export const HTTP_CREDENTIALS = "headers: { authorization: 'Bearer {{env TOKEN}}' }";

/** Parts of a request to a target besides method and path. */
export interface Written {
  readonly headers: (envelope: Envelope) => string[];
  readonly body?: Fill;
}

/** @returns what undici is to send for a message */
export function requestWriter(
  method: Dispatcher.HttpMethod,
  path: Fill,
  { headers, body }: Written,
): (message: { readonly envelope: Envelope }) => Dispatcher.DispatchOptions {
  return ({ envelope }) => {
    // Else undici closes the connection after each HEAD, and after a GET or DELETE with a body.
    const request = { method, path: writtenPath(path(envelope)), headers: headers(envelope), reset: false };
    return body ? { ...request, body: body(envelope) } : request;
  };
}

/** A value from an answer may have characters that no path has. */
function writtenPath(path: string): string {
  return UNWRITABLE.test(path) ? encodeURI(path) : path;
}

const UNWRITABLE = /[^\u0021-\u007e]/;

/**
 * The headers of a target's requests, filled for each. Its own name is always sent, also through a proxy.
 * @param type of the body, unless the headers name one
 * @param accept the same for the answer
 */
export function headersOf(
  { given, url }: Address,
  headers: Headers,
  seed: number,
  type: string | undefined,
  accept?: string,
): Written['headers'] {
  const named = Object.keys(headers).map((name) => name.toLowerCase());
  const all = [
    ...(named.includes('host') ? [] : [['host', new URL(given ?? url).host] as const]),
    ...(type === undefined || named.includes('content-type') ? [] : [['content-type', type] as const]),
    ...(accept === undefined || named.includes('accept') ? [] : [['accept', accept] as const]),
    ...Object.entries(headers),
  ];
  const fills = all.map(([name, value]) => [name, parseText(value, seed, `headers.${name}`)] as const);
  return (envelope) =>
    traced(
      fills.flatMap(([name, fill]) => [name, fill(envelope)]),
      envelope,
    );
}

/** Holes as a URL writes them: of its path in whole, of its query but for the braces. */
const WRITTEN_HOLE = /(?:%7B|\{){2}.*?(?:%7D|\}){2}/gi;

/** The type of an answer that is a stream. */
export const EVENT_STREAM = 'text/event-stream';

/** The address of connections, and the default path of requests. */
export function partsOf({ url }: Address): { readonly address: Address; readonly path: string } {
  const { origin, pathname, search } = new URL(url);
  const path = (pathname + search).replaceAll(WRITTEN_HOLE, (hole) => decodeURIComponent(hole));
  return { address: { url: origin }, path };
}
