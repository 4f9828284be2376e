import { z } from 'zod';
import type { ConnectionFault } from './fault.ts';

const options = z.strictObject({
  delayMs: z
    .number()
    .positive()
    .max(60_000)
    .describe('added to each direction, so that an answer comes twice that later; to a millisecond'),
});

/** A longer link: the service itself is as fast as before, and its concurrency is free. */
export const definition: ConnectionFault<z.infer<typeof options>> = {
  name: 'delay',
  title: 'everything on the connection comes later, in order, both ways',
  state: 'delayed',
  layer: 'connection',
  options,
  linkState: ({ delayMs }) => ({ kind: 'delay', ms: delayMs }),
};
