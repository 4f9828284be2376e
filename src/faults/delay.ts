import { z } from 'zod';
import type { ConnectionFault } from './fault.ts';

const options = z.strictObject({
  delayMs: z
    .number()
    .positive()
    .max(60_000)
    .describe('delay of each direction in ms, to a millisecond; a reply is late by twice that'),
});

/** A longer link: the service itself is as fast as before, and its concurrency is free. */
export const definition: ConnectionFault<z.infer<typeof options>> = {
  name: 'delay',
  title: 'delays all data on the connection, in order, in both directions',
  state: 'delayed',
  layer: 'connection',
  options,
  linkState: ({ delayMs }) => ({ kind: 'delay', ms: delayMs }),
};
