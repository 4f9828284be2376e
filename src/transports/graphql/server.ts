import type { ServerResponse } from 'node:http';
import { buildSchema, GraphQLError } from 'graphql';
import { createHandler, type FormatError } from 'graphql-http';
import { type Guest, type HttpRequest, openHost, reply, replyText } from '../http/host.ts';
import { STATUS_OF } from '../http/status.ts';
import type { Handler, ServeContext, Server } from '../../kernel/transport.ts';
import { createDocumentCache } from './document-cache.ts';
import { oneRootField } from './document-limits.ts';
import { failureExtensions } from './failure-codes.ts';
import type { GraphqlOptions } from './options.ts';
import { type CallContext, RESOLVERS } from './resolvers.ts';
import { GRAPHQL_PATH, sdlOf } from './schema.ts';

/** The service's side of GraphQL: graphql-http on the host that REST uses too. */
export function serveGraphql(handler: Handler, context: ServeContext<GraphqlOptions>): Promise<Server> {
  const { options, address, contractVersion } = context;
  const execute = createExecutor(options, sdlOf(contractVersion));
  const guest: Guest = {
    receive(request, response) {
      if (request.url === GRAPHQL_PATH)
        void answer(request, response, { handler, envelope: request.envelope });
      else refuse(response, STATUS_OF['not-found'], `No ${request.method} ${request.url} here`);
    },
    refuse,
  };

  async function answer(request: HttpRequest, response: ServerResponse, call: CallContext): Promise<void> {
    const { method, url, headers, body } = request;
    const text = body === undefined ? null : body.toString();
    const [answered, { status, statusText, headers: replyHeaders }] = await execute({
      method,
      url,
      headers,
      body: text,
      raw: call,
      context: undefined,
    });
    if (answered === null) return refuse(response, status, statusText);
    replyText(response, status, answered, replyHeaders?.['content-type']);
  }

  return openHost(guest, options, address);
}

function createExecutor({ cachedDocuments }: GraphqlOptions, sdl: string) {
  return createHandler<CallContext, undefined, CallContext>({
    schema: buildSchema(sdl),
    rootValue: RESOLVERS,
    context: ({ raw }) => raw,
    validationRules: [oneRootField],
    formatError,
    ...createDocumentCache(cachedDocuments),
  });
}

/** An error without a place in the answer comes from before the execution: nothing happened. */
const formatError: FormatError = (error) => {
  if (error instanceof GraphQLError && error.path) return error;
  const { nodes, source, positions } = error as Partial<GraphQLError>;
  return new GraphQLError(error.message, {
    nodes,
    source,
    positions,
    extensions: { ...failureExtensions('bad-request', true) },
  });
};

/** Our own refusals come before any work: they have no effect, and are marked so. */
function refuse(response: ServerResponse, status: number, message: string): void {
  reply(response, status, { errors: [{ message, extensions: failureExtensions('bad-request', true) }] });
}
