import { z } from 'zod';
import type { ApplicationFault } from './fault.ts';

const options = z.strictObject({
  share: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('share of the messages, drawn by hash of seed and arrival'),
  status: z
    .enum(['internal', 'overloaded', 'not-found', 'bad-request'])
    .default('internal')
    .describe('status of the reply'),
});

/** The service answers with an error in place of the work. */
export const definition: ApplicationFault<z.infer<typeof options>> = {
  name: 'error',
  title: 'the service replies with an error, without doing the work',
  state: 'replying with errors',
  layer: 'application',
  strikesBy: 'instant',
  options,
  strike: ({ draw }, { share, status }) => (draw('error') < share ? { kind: 'fail', status } : undefined),
};
