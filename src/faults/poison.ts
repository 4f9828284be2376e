import { z } from 'zod';
import { boundedNumber } from '../kernel/bounded.ts';
import type { ApplicationFault } from './fault.ts';

const options = z.strictObject({
  share: boundedNumber(0, 1)
    .default(0.01)
    .describe('share of the arrivals, drawn by hash of seed and arrival'),
});

/** Unlike `error`, drawn once per message and not per attempt: no retry helps. */
export const definition: ApplicationFault<z.infer<typeof options>> = {
  name: 'poison',
  title: 'some arrivals fail on every attempt',
  state: 'poisoned',
  layer: 'application',
  strikesBy: 'arrival',
  options,
  strike: ({ drawOfArrival }, { share }) =>
    drawOfArrival('poison') < share ? { kind: 'fail', status: 'internal' } : undefined,
};
