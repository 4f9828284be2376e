import { createServer } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { listenOnLoopback } from '../../src/platform/net/listen.ts';
import type { Recorder } from './recorder.ts';
import { GRPC_METHOD } from './referee-settings.ts';

const MAX_STREAMS = 1_000_000;

const asItIs = (bytes: Buffer): Buffer => bytes;

/** grpc-js, with messages left as bytes. @returns the port */
export function serveRefereeGrpc(
  recorder: Recorder,
  hold: (() => Promise<void>) | undefined,
): Promise<number> {
  const grpc = new Server({ 'grpc.max_concurrent_streams': MAX_STREAMS, 'grpc.enable_channelz': 0 });
  grpc.register(
    `/${GRPC_METHOD}`,
    (call: { readonly request: Buffer }, respond: (error: null, reply: Buffer) => void) => {
      const arrivedMs = recorder.arrived();
      if (!hold) return respond(null, call.request);
      void hold().then(() => {
        recorder.answered(arrivedMs);
        respond(null, call.request);
      });
    },
    asItIs,
    asItIs,
    'unary',
  );
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  return listenOnLoopback(
    createServer({ noDelay: true }, (socket) => injector.injectConnection(socket)),
    undefined,
  );
}
