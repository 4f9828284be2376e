/**
 * An operation's route in HTTP. A field of the message's body goes into the path (`:field`), into the query, or else
 * into the body of the request; the other side reads it from there.
 */
export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Status of a successful reply; 204 has no body, and means `{}`. */
  readonly status: 200 | 201 | 204;
  /** Fields in the query, with their types: a query has text alone. Only where nothing else is in the body. */
  readonly query?: Readonly<Record<string, 'text' | 'number'>>;
}

/** The one table that both sides read. */
export const ROUTES: ReadonlyMap<string, RestRoute> = new Map<string, RestRoute>([
  ['createUser', { method: 'POST', path: '/users', status: 201 }],
  ['getUser', { method: 'GET', path: '/users/:id', status: 200 }],
  [
    'listUsers',
    { method: 'GET', path: '/users', status: 200, query: { page_size: 'number', page_token: 'text' } },
  ],
  ['updateUser', { method: 'PUT', path: '/users/:id', status: 200 }],
  ['deleteUser', { method: 'DELETE', path: '/users/:id', status: 204 }],
  ['echo', { method: 'POST', path: '/echo', status: 200 }],
  ['nothing', { method: 'POST', path: '/nothing', status: 200 }],
]);

/** `/users/:id` is `/users/` and then the field `id`: a field is the last part of a path, if there is one. */
export function fieldInPath({ path }: RestRoute): {
  readonly before: string;
  readonly field: string | undefined;
} {
  const at = path.indexOf(':');
  return at < 0
    ? { before: path, field: undefined }
    : { before: path.slice(0, at), field: path.slice(at + 1) };
}
