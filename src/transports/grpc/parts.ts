import type { TransportParts } from '../../kernel/transport.ts';
import type { GrpcOptions } from './options.ts';
import type { GrpcTarget } from './target.ts';

export const parts: TransportParts<GrpcOptions, GrpcTarget> = {
  serve: async () => (await import('./server.ts')).serveGrpc,
  connect: async () => (await import('./client.ts')).connectGrpc,
  connectTarget: async () => (await import('./target-client.ts')).connectGrpcTarget,
  rehearse: async () => (await import('./rehearsal.ts')).rehearseGrpc,
};
