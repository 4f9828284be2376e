import { clientText, connectionsText, httpClientOf, profileText } from '../http/client-facts.ts';
import { HTTP_GUARANTEE } from '../http/guarantee.ts';
import type { TransportDefinition } from '../../kernel/transport.ts';
import { type RestOptions, restOptionsSchema } from './options.ts';
import { parts } from './parts.ts';
import { restTarget } from './target.ts';

const HOSTS: Readonly<Record<RestOptions['host'], string>> = {
  node: 'bare node:http without a framework (the no-op baseline of this host)',
  fastify: 'Fastify (its router, body parser and replies; no schemas, no logger)',
};

export const definition: TransportDefinition<RestOptions> = {
  name: 'rest',
  title: 'REST',
  client: 'undici',
  interactions: ['request-reply'],
  options: restOptionsSchema,
  statements: {
    guarantee: () => HTTP_GUARANTEE,
    client: httpClientOf,
    fairness: (options) => ({
      protocol: `HTTP/1.1 on ${HOSTS[options.host]}, ${clientText(options)} as the client`,
      methods: 'GET, PUT and DELETE are idempotent; POST is not',
      connections: connectionsText(options),
      encoding: 'JSON',
      noDelay: 'on both sides',
      retries: 'none: a lost reply stays unknown',
      profile: `as a service ships it: no proxy, no TLS, no compression${profileText(options)}`,
    }),
    complexity: () => [
      { category: 'state', what: 'pooled keep-alive connection closed while a request is under way' },
      { category: 'artefact', what: 'routes, with methods and status codes' },
    ],
  },
  wire: {
    schemes: [
      { protocol: 'http:', port: 80 },
      { protocol: 'https:', port: 443, isSecure: true },
    ],
  },
  parts,
  target: restTarget,
};
