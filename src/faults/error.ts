import { z } from 'zod';
import type { ApplicationFault } from './fault.ts';

const options = z.strictObject({
  share: z.number().min(0).max(1).default(1).describe('of the messages, drawn by hash of seed and arrival'),
  status: z
    .enum(['internal', 'overloaded', 'not-found', 'bad-request'])
    .default('internal')
    .describe('what the service answers'),
});

/** The service answers with an error in place of the work. */
export const definition: ApplicationFault<z.infer<typeof options>> = {
  name: 'error',
  title: 'the service answers with an error, and does nothing',
  state: 'answering with errors',
  layer: 'application',
  options,
  strike: ({ draw }, { share, status }) => (draw('error') < share ? { kind: 'fail', status } : undefined),
};
