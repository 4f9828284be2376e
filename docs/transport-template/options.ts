import { z } from 'zod';

/** Every option has a default, limits and a description: validation, help and docs come from here. */
export const templateOptionsSchema = z.strictObject({
  maxOpen: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(10_000)
    .describe('requests that may be open at once; further ones are refused, without effect'),
  maxLineBytes: z
    .number()
    .int()
    .min(1024)
    .max(64 * 1024 * 1024)
    .default(2 * 1024 * 1024)
    .describe('longest line that is read; a longer one ends the connection'),
  connectTimeoutMs: z
    .number()
    .int()
    .min(10)
    .max(60_000)
    .default(5000)
    .describe('longest wait for a connection'),
});
export type TemplateOptions = z.infer<typeof templateOptionsSchema>;
