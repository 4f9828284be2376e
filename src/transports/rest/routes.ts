/** Where an operation lives over HTTP; both sides read this. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Status of a reply that did it. */
  readonly status: number;
}

const ROUTES: ReadonlyMap<string, Route> = new Map([
  ['createUser', { method: 'POST', path: '/users', status: 201 }],
  ['echo', { method: 'POST', path: '/echo', status: 200 }],
  ['nothing', { method: 'POST', path: '/nothing', status: 200 }],
]);

const OPERATIONS: ReadonlyMap<string, string> = new Map(
  [...ROUTES].map(([operation, { method, path }]) => [`${method} ${path}`, operation]),
);

export function routeOf(operation: string): Route | undefined {
  return ROUTES.get(operation);
}

/** The operation that a request asks for, undefined where nothing lives there. */
export function operationAt(method: string, path: string): string | undefined {
  return OPERATIONS.get(`${method} ${path}`);
}
