import type { Dispatcher } from 'undici';
import { encodeEnvelope, ENVELOPE_HEADER, traced } from '../../kernel/envelope.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Message } from '../../kernel/transport.ts';
import { fieldInPath, type RestRoute, ROUTES } from './routes.ts';

type Fields = Readonly<Record<string, unknown>>;
/** Chosen once for each route, so that a call does only what its route needs. */
type Writer = (message: Message) => Dispatcher.DispatchOptions;

const WRITERS: ReadonlyMap<string, Writer> = new Map(
  [...ROUTES].map(([operation, route]) => [operation, writerOf(route)]),
);

/** The request that a message becomes. */
export function writeRequest(message: Message): Dispatcher.DispatchOptions {
  const write = WRITERS.get(message.operation);
  if (!write) throw new CommbenchError('defect', `Expected a route for ${message.operation}, found none`);
  return write(message);
}

function writerOf(route: RestRoute): Writer {
  const { method, query } = route;
  const { before, field } = fieldInPath(route);
  if (query) {
    return ({ body, envelope }) => ({
      method,
      path: `${before}?${queryOf(query, body as Fields)}`,
      headers: traced([ENVELOPE_HEADER, encodeEnvelope(envelope)], envelope),
    });
  }
  if (field === undefined) return ({ body, envelope }) => withJson(method, before, body, envelope);
  return ({ body, envelope }) => {
    const { [field]: value, ...rest } = body as Fields;
    const path = before + encodeURIComponent(String(value));
    if (method === 'PUT') return withJson(method, path, rest, envelope);
    return { method, path, headers: traced([ENVELOPE_HEADER, encodeEnvelope(envelope)], envelope) };
  };
}

function withJson(
  method: RestRoute['method'],
  path: string,
  body: unknown,
  envelope: Message['envelope'],
): Dispatcher.DispatchOptions {
  return {
    method,
    path,
    headers: traced(
      ['content-type', 'application/json', ENVELOPE_HEADER, encodeEnvelope(envelope)],
      envelope,
    ),
    body: JSON.stringify(body),
  };
}

function queryOf(query: NonNullable<RestRoute['query']>, fields: Fields): string {
  return Object.keys(query)
    .filter((name) => fields[name] !== undefined)
    .map((name) => `${name}=${encodeURIComponent(String(fields[name]))}`)
    .join('&');
}
