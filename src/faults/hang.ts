import { z } from 'zod';
import type { ApplicationFault } from './fault.ts';

const options = z.strictObject({
  share: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('share of the messages, drawn by hash of seed and arrival'),
  releaseMs: z
    .number()
    .min(1)
    .max(600_000)
    .default(30_000)
    .describe('time for which each message occupies the service, in ms; then it fails'),
});

/** A message that goes in and does not come out: it occupies the service for that time. */
export const definition: ApplicationFault<z.infer<typeof options>> = {
  name: 'hang',
  title: 'messages occupy the service without being handled',
  state: 'hanging',
  layer: 'application',
  strikesBy: 'instant',
  options,
  strike: ({ draw }, { share, releaseMs }) =>
    draw('hang') < share ? { kind: 'hang', ms: releaseMs } : undefined,
};
