import { clientText, connectionsText, httpClientOf, profileText } from '../http/client-facts.ts';
import { HTTP_GUARANTEE } from '../http/guarantee.ts';
import type { TransportDefinition } from '../../kernel/transport.ts';
import { type GraphqlOptions, graphqlOptionsSchema } from './options.ts';
import { parts } from './parts.ts';
import { graphqlTarget } from './target.ts';

const HOSTS: Readonly<Record<GraphqlOptions['host'], string>> = {
  'graphql-http': 'graphql-http and graphql',
  yoga: 'GraphQL Yoga (its parser of requests, its plugins, its executor of graphql-tools)',
};

export const definition: TransportDefinition<GraphqlOptions> = {
  name: 'graphql',
  title: 'GraphQL',
  client: 'undici',
  interactions: ['request-reply'],
  options: graphqlOptionsSchema,
  statements: {
    guarantee: () => HTTP_GUARANTEE,
    client: httpClientOf,
    fairness: (options) => ({
      protocol: `HTTP/1.1 POST on the same node:http host as REST, ${HOSTS[options.host]}; ${clientText(options)} as the client`,
      connections: connectionsText(options),
      encoding: 'JSON; the whole document goes with every request (no persisted queries)',
      fields: options.fields === 'few' ? 'the id of a user alone' : 'all fields of a user',
      cached:
        options.cachedDocuments === 0
          ? 'nothing: every document is parsed and validated'
          : `up to ${options.cachedDocuments} documents, parsed and validated; no results`,
      noDelay: 'on both sides',
      retries: 'none: a lost reply stays unknown',
      profile: `as a service ships it: no proxy, no TLS, no compression, no batching${profileText(options)}`,
    }),
    complexity: () => [
      { category: 'state', what: 'pooled keep-alive connection closed while a request is under way' },
      { category: 'state', what: 'errors inside a reply that says 200, with part of the data' },
      { category: 'artefact', what: 'schema' },
      { category: 'artefact', what: 'query documents of each caller' },
      { category: 'artefact', what: "resolvers' limits on depth and cost of queries" },
    ],
  },
  wire: {
    schemes: [
      { protocol: 'http:', port: 80 },
      { protocol: 'https:', port: 443, isSecure: true },
      // Targets alone: our own service has no WebSocket.
      { protocol: 'ws:', port: 80 },
      { protocol: 'wss:', port: 443, isSecure: true },
    ],
  },
  parts,
  target: graphqlTarget,
};
