import { z } from 'zod';
import { wholeNumber } from '../kernel/bounded.ts';
import type { ApplicationFault } from './fault.ts';

const options = z.strictObject({
  after: wholeNumber(1, 1_000_000)
    .default(1)
    .describe('messages that the service begins in the window, including the one that ends it'),
});

/** A consumer that dies with its work done and not acknowledged: the broker redelivers, and the work is done twice. */
export const definition: ApplicationFault<z.infer<typeof options>> = {
  name: 'end-before-ack',
  title: 'the service ends itself (kill -9) between an effect and its acknowledgement, and is restarted',
  state: 'ending itself before it acknowledges',
  layer: 'application',
  strikesBy: 'arrival',
  options,
  strike: ({ begun }, { after }) => (begun === after - 1 ? { kind: 'end-before-ack' } : undefined),
};
