import type { TransportParts } from '../../kernel/transport.ts';
import type { GraphqlOptions } from './options.ts';
import type { GraphqlTarget } from './target.ts';

export const parts: TransportParts<GraphqlOptions, GraphqlTarget> = {
  serve: async () => async (handler, context) => {
    const serve =
      context.options.host === 'yoga'
        ? (await import('./yoga-server.ts')).serveGraphqlByYoga
        : (await import('./server.ts')).serveGraphql;
    return serve(handler, context);
  },
  connect: async () => (await import('./client.ts')).connectGraphql,
  connectTarget: async () => (await import('./target-client.ts')).connectGraphqlTarget,
};
