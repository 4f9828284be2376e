import type { TransportParts } from '../../kernel/transport.ts';
import type { GraphqlOptions } from './options.ts';
import type { GraphqlTarget } from './target.ts';

export const parts: TransportParts<GraphqlOptions, GraphqlTarget> = {
  serve: async () => (await import('./server.ts')).serveGraphql,
  connect: async () => (await import('./client.ts')).connectGraphql,
  connectTarget: async () => (await import('./target-client.ts')).connectGraphqlTarget,
};
