import type { TransportParts } from '../../kernel/transport.ts';
import type { TemplateOptions } from './options.ts';

/** Each part is loaded where it is used: the caller's process loads no server. Client libraries are imported behind it. */
export const parts: TransportParts<TemplateOptions> = {
  serve: async () => (await import('./server.ts')).serveTemplate,
  connect: async () => (await import('./client.ts')).connectTemplate,
};
