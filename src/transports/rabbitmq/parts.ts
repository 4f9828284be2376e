import type { TransportParts } from '../../kernel/transport.ts';
import type { RabbitmqOptions } from './options.ts';
import type { RabbitmqTarget } from './target.ts';

export const parts: TransportParts<RabbitmqOptions, RabbitmqTarget> = {
  serve: async () => (await import('./server.ts')).serveRabbitmq,
  connect: async () => (await import('./client.ts')).connectRabbitmq,
  provision: async () => (await import('./provision.ts')).provisionRabbitmq,
  connectTarget: async () => (await import('./target-client.ts')).connectRabbitmqTarget,
  findTarget: async () => (await import('./target-check.ts')).findRabbitmqTarget,
  listenOutlet: async () => (await import('./target-listen.ts')).listenRabbitmq,
};
