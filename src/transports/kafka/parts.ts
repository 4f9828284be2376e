import type { TransportParts } from '../../kernel/transport.ts';
import type { KafkaOptions } from './options.ts';
import type { KafkaTarget } from './target.ts';

export const parts: TransportParts<KafkaOptions, KafkaTarget> = {
  serve: async () => (await import('./server.ts')).serveKafka,
  connect: async () => (await import('./client.ts')).connectKafka,
  provision: async () => (await import('./provision.ts')).provisionKafka,
  connectTarget: async () => (await import('./target-client.ts')).connectKafkaTarget,
  findTarget: async () => (await import('./target-topic.ts')).findKafkaTarget,
  listenOutlet: async () => (await import('./target-listen.ts')).listenKafka,
};
