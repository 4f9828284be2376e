import { boundedNumber } from '../kernel/bounded.ts';

/** Option of faults that strike some messages: drawn anew for each attempt. */
export const shareOfMessages = boundedNumber(0, 1)
  .default(1)
  .describe('share of the messages, drawn by hash of seed and arrival');
