import { z } from 'zod';
import { boundedNumber, wholeNumber } from '../../kernel/bounded.ts';
import { PATIENCES } from '../../contracts/patience.ts';
import { INTERACTION_NAMES } from '../../contracts/interactions.ts';

/** A name in a scenario. */
export const word = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name of a-z, 0-9 and -, at most 40 long')
  // Values are kept by their names in objects, which have a member of that name without any value.
  .refine((name) => name !== 'constructor', 'Choose another name: constructor is reserved');

export const interactionSchema = z
  .enum(INTERACTION_NAMES as [string, ...string[]])
  .describe('interaction of caller and service, see `commbench list`');

/** Behaviour of a caller while the other end is away. */
export const patienceSchema = z.enum(PATIENCES);

/** Without defaults, so that a variant replaces only given fields. */
export const capacityFields = {
  concurrency: wholeNumber(1, 1000).describe('messages handled at once; also the prefetch'),
  queue: wholeNumber(0, 100_000).describe(
    'further messages that may wait (request-reply only: brokers queue themselves)',
  ),
  processingMs: boundedNumber(0, 60_000).describe('processing time of each message'),
};
