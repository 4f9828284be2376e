import { z } from 'zod';
import { wholeNumber } from '../../kernel/bounded.ts';

/** Options that every transport over HTTP has, caller's and service's side. Nagle is always off on both. */
export const HTTP_OPTIONS = {
  client: z
    .enum(['undici', 'fetch'])
    .default('undici')
    .describe("the caller's library: undici at its lowest level, or Node's own fetch"),
  connections: wholeNumber(1, 1024)
    .default(32)
    .describe('maximum keep-alive connections of the caller, each with one request at a time'),
  maxWaiting: wholeNumber(0, 1_000_000)
    .default(100_000)
    .describe('calls that may wait for a free connection; further ones are refused, without effect'),
  keepAliveMs: wholeNumber(1000, 600_000)
    .default(60_000)
    .describe('time for which the service keeps an idle connection open'),
  maxBodyBytes: wholeNumber(1024, 64 * 1024 * 1024)
    .default(2 * 1024 * 1024)
    .describe('largest request body that is read; a larger one gives 413, without effect'),
};

const httpOptionsSchema = z.strictObject(HTTP_OPTIONS);
export type HttpOptions = z.infer<typeof httpOptionsSchema>;
