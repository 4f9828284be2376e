import type { TransportParts } from '../../kernel/transport.ts';
import type { RabbitmqOptions } from './options.ts';
import type { RabbitmqTarget } from './target.ts';

export const parts: TransportParts<RabbitmqOptions, RabbitmqTarget> = {
  serve: async () => async (handler, context) => {
    const serve =
      context.options.client === 'rabbitmq-client'
        ? (await import('./rabbitmq-client/server.ts')).serveByRabbitmqClient
        : (await import('./server.ts')).serveRabbitmq;
    return serve(handler, context);
  },
  connect: async () => async (address, context) => {
    const connect =
      context.options.client === 'rabbitmq-client'
        ? (await import('./rabbitmq-client/client.ts')).connectByRabbitmqClient
        : (await import('./client.ts')).connectRabbitmq;
    return connect(address, context);
  },
  provision: async () => (await import('./provision.ts')).provisionRabbitmq,
  connectTarget: async () => (await import('./target-client.ts')).connectRabbitmqTarget,
  findTarget: async () => (await import('./target-check.ts')).findRabbitmqTarget,
  listenOutlet: async () => (await import('./target-listen.ts')).listenRabbitmq,
};
