import type { TransportParts } from '../../kernel/transport.ts';
import type { RestOptions } from './options.ts';
import type { RestTarget } from './target.ts';

export const parts: TransportParts<RestOptions, RestTarget> = {
  serve: async () => async (handler, context) => {
    const serve =
      context.options.host === 'fastify'
        ? (await import('./fastify-server.ts')).serveRestByFastify
        : (await import('./server.ts')).serveRest;
    return serve(handler, context);
  },
  connect: async () => (await import('./client.ts')).connectRest,
  connectTarget: async () => (await import('./target-client.ts')).connectRestTarget,
  rehearse: async () => (await import('./rehearsal.ts')).rehearseRest,
};
