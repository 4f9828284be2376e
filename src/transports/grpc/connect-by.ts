import type { Transport } from '../../kernel/transport.ts';
import type { GrpcOptions } from './options.ts';

/** The caller's side by the library that the options name; the other one is not loaded. */
export const connectGrpcBy: Transport<GrpcOptions>['connect'] = async (address, context) => {
  const connect =
    context.options.client === 'connect'
      ? (await import('./connect/client.ts')).connectGrpcByConnect
      : (await import('./client.ts')).connectGrpc;
  return connect(address, context);
};
