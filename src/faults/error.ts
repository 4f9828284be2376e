import { z } from 'zod';
import { shareOfMessages } from './share.ts';
import type { ApplicationFault } from './fault.ts';

const options = z.strictObject({
  share: shareOfMessages,
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
