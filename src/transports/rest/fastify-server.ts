import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Handled } from '../../kernel/contract.ts';
import { decodeEnvelope, ENVELOPE_HEADER } from '../../kernel/envelope.ts';
import type { Handler, ServeContext, Server } from '../../kernel/transport.ts';
import { listenWith, SERVER_SETTINGS } from '../http/host.ts';
import { STATUS_OF } from '../http/status.ts';
import type { RestOptions } from './options.ts';
import { typedFields } from './read-request.ts';
import { type RestRoute, ROUTES } from './routes.ts';

/** Longer than any id of a contract; the library's default is 100. */
const MAX_ID_LENGTH = 1000;

/** The service's side of REST as a Fastify application: its router, body parser and replies, no schemas. */
export async function serveRestByFastify(
  handler: Handler,
  { options, address }: ServeContext<RestOptions>,
): Promise<Server> {
  const app = Fastify({
    http: { ...SERVER_SETTINGS },
    keepAliveTimeout: options.keepAliveMs,
    bodyLimit: options.maxBodyBytes,
    routerOptions: { maxParamLength: MAX_ID_LENGTH },
    // A URL that cannot be decoded.
    frameworkErrors: (error, _request, reply) => refuse(reply, STATUS_OF['bad-request'], error.message),
  });
  for (const [operation, route] of ROUTES) {
    app.route({ method: route.method, url: route.path, handler: handlerOf(operation, route, handler) });
  }
  app.setNotFoundHandler((request, reply) => {
    refuse(reply, STATUS_OF['not-found'], `No ${request.method} ${request.url} here`);
  });
  // The library's own failures before the work (body, URL) are 4xx; a reply that it cannot write comes after it.
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const status = error.statusCode ?? STATUS_OF.internal;
    void reply.code(status).send({ error: error.message, effect: status < 500 ? 'none' : 'unknown' });
  });
  await app.ready();
  const server = await listenWith(app.server, address);
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await app.close();
    },
  };
}

type Handle = (request: FastifyRequest, reply: FastifyReply) => void;

function handlerOf(operation: string, route: RestRoute, handler: Handler): Handle {
  return (request, reply) => {
    const header = request.headers[ENVELOPE_HEADER];
    const envelope = typeof header === 'string' ? decodeEnvelope(header) : undefined;
    if (!envelope) return refuse(reply, STATUS_OF['bad-request'], `Expected the header ${ENVELOPE_HEADER}`);
    const message = { operation, body: bodyOf(request, route), envelope, redelivered: false };
    // No catch: a handler that rejects could not record its effect, and must end the service.
    void handler(message).then((handled) => answer(reply, route.status, handled));
  };
}

function bodyOf({ body, params, query }: FastifyRequest, route: RestRoute): unknown {
  if (route.query) {
    const given = query as Readonly<Record<string, string>>;
    return typedFields(route.query, (name) => given[name]);
  }
  return { ...(body as object | null), ...(params as object) };
}

function answer(reply: FastifyReply, status: RestRoute['status'], handled: Handled): void {
  if (handled.kind === 'done') {
    if (status === 204) void reply.code(status).send();
    // Else a text would be sent as such: every body here is JSON.
    else void reply.code(status).type('application/json').send(handled.body);
    return;
  }
  const effect = handled.noEffect ? 'none' : 'unknown';
  void reply.code(STATUS_OF[handled.status]).send({ error: handled.detail, effect });
}

/** Our own refusals come before any work: they have no effect, and are marked so. */
function refuse(reply: FastifyReply, status: number, error: string): void {
  void reply.code(status).send({ error, effect: 'none' });
}
