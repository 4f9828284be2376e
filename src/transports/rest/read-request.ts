import type { HttpRequest } from '../http/host.ts';
import { fieldInPath, type RestRoute, ROUTES } from './routes.ts';

interface Place {
  readonly operation: string;
  readonly route: RestRoute;
  readonly field: string | undefined;
}

/** Routes by method and path; a path that ends in a field is listed without it. */
const PLACES: ReadonlyMap<string, Place> = new Map(
  [...ROUTES].map(([operation, route]) => {
    const { before, field } = fieldInPath(route);
    return [`${route.method} ${before}`, { operation, route, field }];
  }),
);

/** The parsed request, or the reason why it is invalid. */
export type Asked =
  | { readonly kind: 'message'; readonly operation: string; readonly body: unknown; readonly status: number }
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'bad'; readonly detail: string };

/** The message behind a request of node:http. */
export function readRequest({ method, url, body }: HttpRequest): Asked {
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  const place = placeOf(method, path);
  if (!place) return { kind: 'nowhere' };
  const { operation, route, field } = place;
  try {
    const content = body === undefined ? {} : (JSON.parse(body.toString()) as unknown);
    const fields =
      field === undefined ? content : { ...(content as object), [field]: decodeURIComponent(lastPart(path)) };
    const query =
      route.query && queryAt >= 0 ? fieldsOfQuery(route.query, url.slice(queryAt + 1)) : undefined;
    return { kind: 'message', operation, body: query ?? fields, status: route.status };
  } catch {
    return { kind: 'bad', detail: body === undefined ? 'Expected a well-formed URL' : 'Expected JSON' };
  }
}

function placeOf(method: string, path: string): Place | undefined {
  return (
    PLACES.get(`${method} ${path}`) ?? PLACES.get(`${method} ${path.slice(0, path.lastIndexOf('/') + 1)}`)
  );
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function fieldsOfQuery(
  query: NonNullable<RestRoute['query']>,
  text: string,
): Readonly<Record<string, string | number>> {
  const given = new URLSearchParams(text);
  return typedFields(query, (name) => given.get(name));
}

/**
 * Values that are not numbers remain text: the contract validates them.
 * @param valueOf text of a field in the query, if it is there
 */
export function typedFields(
  query: NonNullable<RestRoute['query']>,
  valueOf: (name: string) => string | null | undefined,
): Readonly<Record<string, string | number>> {
  const fields: Record<string, string | number> = {};
  for (const [name, type] of Object.entries(query)) {
    const value = valueOf(name);
    if (value === null || value === undefined) continue;
    const number = type === 'number' && value !== '' ? Number(value) : NaN;
    fields[name] = Number.isNaN(number) ? value : number;
  }
  return fields;
}
