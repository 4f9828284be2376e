import { z } from 'zod';
import { boundedNumber } from '../kernel/bounded.ts';
import { shareOfMessages } from './share.ts';
import type { ApplicationFault } from './fault.ts';

const options = z.strictObject({
  share: shareOfMessages,
  releaseMs: boundedNumber(1, 600_000)
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
