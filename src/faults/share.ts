import { z } from 'zod';

/** Option of faults that strike some messages: drawn anew for each attempt. */
export const shareOfMessages = z
  .number()
  .min(0)
  .max(1)
  .default(1)
  .describe('share of the messages, drawn by hash of seed and arrival');
