import type { TransportParts } from '../../kernel/transport.ts';
import { connectGrpcBy } from './connect-by.ts';
import type { GrpcOptions } from './options.ts';
import type { GrpcTarget } from './target.ts';

export const parts: TransportParts<GrpcOptions, GrpcTarget> = {
  serve: async () => async (handler, context) => {
    const serve =
      context.options.host === 'connect'
        ? (await import('./connect/server.ts')).serveGrpcByConnect
        : (await import('./server.ts')).serveGrpc;
    return serve(handler, context);
  },
  connect: async () => connectGrpcBy,
  connectTarget: async () => (await import('./target-client.ts')).connectGrpcTarget,
  rehearse: async () => (await import('./rehearsal.ts')).rehearseGrpc,
};
