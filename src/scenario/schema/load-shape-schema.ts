import { z } from 'zod';
import { type LoadShape, MAX_DURATION_MS, MAX_RATE_PER_S, MIN_RATE_PER_S } from '../../kernel/load-shape.ts';

const ratePerS = z.number().min(MIN_RATE_PER_S).max(MAX_RATE_PER_S);
const forMs = z.number().int().positive().max(MAX_DURATION_MS);
const sinceMs = z.number().int().min(0).max(MAX_DURATION_MS);

export const loadShapeSchema = z.discriminatedUnion('shape', [
  z.strictObject({ shape: z.literal('constant'), ratePerS }),
  z.strictObject({ shape: z.literal('ramp'), fromPerS: ratePerS, toPerS: ratePerS }),
  z.strictObject({ shape: z.literal('spike'), ratePerS, peakPerS: ratePerS, atMs: sinceMs, forMs }),
  z.strictObject({ shape: z.literal('poisson'), ratePerS }),
  z.strictObject({
    shape: z.literal('steps'),
    steps: z.array(z.strictObject({ ratePerS, forMs })).min(1).max(100),
  }),
  z.strictObject({
    shape: z.literal('blocks'),
    ratePerS,
    blocks: z
      .array(z.strictObject({ silentMs: sinceMs, forMs }))
      .min(1)
      .max(1000),
  }),
]) satisfies z.ZodType<LoadShape>;
