import type { RequestListener, ServerResponse } from 'node:http';
import {
  buildSchema,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  type validate,
} from 'graphql';
import { createLRUCache, createYoga, type Plugin } from 'graphql-yoga';
import { decodeEnvelope, ENVELOPE_HEADER } from '../../kernel/envelope.ts';
import type { Handler, ServeContext, Server } from '../../kernel/transport.ts';
import { openListener, reply } from '../http/host.ts';
import { STATUS_OF } from '../http/status.ts';
import { MAX_TOKENS, oneRootField } from './document-limits.ts';
import { failureExtensions } from './failure-codes.ts';
import type { GraphqlOptions } from './options.ts';
import { type CallContext, RESOLVERS } from './resolvers.ts';
import { GRAPHQL_PATH, sdlOf } from './schema.ts';

const METHOD_NOT_ALLOWED = 405;
const UNSUPPORTED_TYPE = 415;

/** The service's side of GraphQL by GraphQL Yoga, as the listener of the host that REST uses too. */
export function serveGraphqlByYoga(
  handler: Handler,
  { options, address, contractVersion }: ServeContext<GraphqlOptions>,
): Promise<Server> {
  const yoga = createExecutor(options, schemaWithResolvers(contractVersion));
  const listener: RequestListener = (request, response) => {
    const { method, url, headers } = request;
    if (url !== GRAPHQL_PATH) return refuse(response, STATUS_OF['not-found'], `No ${method} ${url} here`);
    if (method !== 'POST') return refuse(response, METHOD_NOT_ALLOWED, 'Expected POST');
    if (!headers['content-type']?.startsWith('application/json'))
      return refuse(response, UNSUPPORTED_TYPE, 'Expected application/json');
    const header = headers[ENVELOPE_HEADER];
    const envelope = typeof header === 'string' ? decodeEnvelope(header) : undefined;
    if (!envelope)
      return refuse(response, STATUS_OF['bad-request'], `Expected the header ${ENVELOPE_HEADER}`);
    void yoga(request, response, { handler, envelope });
  };
  return openListener(listener, options, address);
}

function createExecutor({ cachedDocuments, maxBodyBytes }: GraphqlOptions, schema: GraphQLSchema) {
  return createYoga<CallContext>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    maxRequestBodySize: maxBodyBytes,
    parserAndValidationCache: cachedDocuments === 0 ? false : cachesOf(cachedDocuments),
    plugins: [limits, marks],
    // What belongs to a browser or to other kinds of request.
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    // Its messages are in the answers.
    logging: false,
    maskedErrors: false,
  });
}

function cachesOf(max: number) {
  return {
    documentCache: createLRUCache<DocumentNode>({ max }),
    errorCache: createLRUCache<object>({ max }),
    validationCache: createLRUCache<typeof validate>({ max }),
  };
}

/** The one schema of both servers, whose resolvers graphql-http takes from the root value. */
function schemaWithResolvers(version: string | undefined): GraphQLSchema {
  const schema = buildSchema(sdlOf(version));
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const [name, field] of Object.entries(root!.getFields())) {
      const resolve = RESOLVERS[name]!;
      field.resolve = (_root: unknown, args: unknown, context: CallContext) => resolve(args, context);
    }
  }
  return schema;
}

const limits: Plugin<CallContext> = {
  onParse: ({ setParseFn }) => setParseFn((source) => parse(source, { maxTokens: MAX_TOKENS })),
  onValidate: ({ addValidationRule }) => addValidationRule(oneRootField),
};

/** An error without a place in the answer comes from before the execution: nothing happened. */
const marks: Plugin<CallContext> = {
  onResultProcess({ result }) {
    const { errors = [] } = result as { errors?: readonly GraphQLError[] };
    for (const error of errors) {
      if (error.path) continue;
      const { http } = error.extensions;
      // Nothing but what the callers understand, and the status, which the library takes out.
      for (const key of Object.keys(error.extensions)) delete error.extensions[key];
      Object.assign(error.extensions, { http }, failureExtensions('bad-request', true));
    }
  },
};

/** Our own refusals come before any work: they have no effect, and are marked so. */
function refuse(response: ServerResponse, status: number, message: string): void {
  reply(response, status, { errors: [{ message, extensions: failureExtensions('bad-request', true) }] });
}
