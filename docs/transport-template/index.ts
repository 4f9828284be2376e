import type { TransportDefinition } from '../../kernel/transport.ts';
import { type TemplateOptions, templateOptionsSchema } from './options.ts';
import { parts } from './parts.ts';

export const definition: TransportDefinition<TemplateOptions> = {
  // The folder's name.
  name: 'template',
  title: 'JSON lines over TCP',
  // The npm package whose version stands in the result; `node` for the runtime's own modules.
  client: 'node',
  interactions: ['request-reply'],
  options: templateOptionsSchema,
  statements: {
    // What a caller may believe, in words that can be held against the delivery ledger.
    guarantee: () => ({
      label: 'at-most-once, nothing durable',
      acknowledgedBy: 'the service, by its reply after the effect is done',
      durableAgainst: 'nothing: a request dies with the service or its connection',
      delivery: 'at-most-once',
      order: 'taken up in the order of sending, done side by side',
    }),
    // Whatever would make a comparison unfair if it were left unsaid.
    fairness: (options) => ({
      protocol: 'one JSON object a line, over TCP',
      connections: `one, for up to ${options.maxOpen} requests at once`,
      encoding: 'JSON',
      noDelay: 'on both sides',
      retries: 'none: a lost reply stays unknown',
    }),
    // What it takes besides caller and service: docs/complexity.md.
    complexity: () => [{ category: 'artefact', what: 'format of a line' }],
  },
  // Schemes of its URLs, and the port where a URL names none: a proxy can stand before these.
  wire: { schemes: [{ protocol: 'tcp:', port: 4000 }] },
  parts,
};
