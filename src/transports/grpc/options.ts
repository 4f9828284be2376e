import { z } from 'zod';

/** Options of the gRPC transport, caller's and callee's side. Nagle is always off on both, the library's retries too. */
export const grpcOptionsSchema = z.strictObject({
  channels: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('channels of the caller, each with one connection that all its calls share'),
  maxOpenCalls: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(100_000)
    .describe('calls that the caller may have open; past that refused, without effect'),
  maxMessageBytes: z
    .number()
    .int()
    .min(1024)
    .max(64 * 1024 * 1024)
    .default(4 * 1024 * 1024)
    .describe('largest message that either side reads; past that RESOURCE_EXHAUSTED'),
  // The library begins with 1000 and grows to 120000: the longer an outage, the longer it is felt.
  reconnectMinMs: z
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(100)
    .describe('from a failed attempt to connect to the next one, at first; grows by 1.6 each time'),
  reconnectMaxMs: z
    .number()
    .int()
    .min(100)
    .max(120_000)
    .default(200)
    .describe('from a failed attempt to connect to the next one, at most'),
});
export type GrpcOptions = z.infer<typeof grpcOptionsSchema>;
