import { z } from 'zod';
import { wholeNumber } from '../../kernel/bounded.ts';

/** Status codes that the caller's library may be configured to retry. */
const RETRYABLE = [
  'CANCELLED',
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'ABORTED',
  'INTERNAL',
  'UNAVAILABLE',
] as const;

const LIBRARIES = ['grpc-js', 'connect'] as const;

const backoffMs = wholeNumber(1, 600_000);

/** The retry policy of gRPC's service config (proposal A6); defaults are those of its documentation's example. */
const retrySchema = z.strictObject({
  attempts: wholeNumber(2, 5)
    .default(4)
    .describe('maximum attempts of a call, including the first; the library makes at most 5'),
  initialBackoffMs: backoffMs.default(100).describe('wait before the first retry, in ms, ± 20 %'),
  maxBackoffMs: backoffMs.default(1000).describe('longest wait before a retry, in ms, ± 20 %'),
  multiplier: z.number().gt(0).max(100).default(2).describe('growth factor of the wait'),
  codes: z.array(z.enum(RETRYABLE)).min(1).default(['UNAVAILABLE']).describe('statuses that are retried'),
});
export type GrpcRetry = z.infer<typeof retrySchema>;

/** Options of the gRPC transport, caller's and service's side. Nagle is always off on both. */
export const grpcOptionsSchema = z
  .strictObject({
    client: z
      .enum(LIBRARIES)
      .default('grpc-js')
      .describe("the caller's library: @grpc/grpc-js, or @connectrpc/connect-node by the same protocol"),
    host: z
      .enum(LIBRARIES)
      .default('grpc-js')
      .describe("the service's library: @grpc/grpc-js, or @connectrpc/connect-node by the same protocol"),
    encoding: z
      .enum(['protobuf', 'json'])
      .default('protobuf')
      .describe('encoding of messages: Protocol Buffers, or the JSON of REST, in the same methods'),
    channels: wholeNumber(1, 64)
      .default(1)
      .describe('channels of the caller, each with one connection that all its calls share'),
    maxOpenCalls: wholeNumber(1, 1_000_000)
      .default(100_000)
      .describe('open calls of the caller; further ones are refused, without effect'),
    maxMessageBytes: wholeNumber(1024, 64 * 1024 * 1024)
      .default(4 * 1024 * 1024)
      .describe('largest message that either side reads; a larger one gives RESOURCE_EXHAUSTED'),
    // The library begins with 1000 and grows to 120000: the longer an outage, the longer it is felt.
    reconnectMinMs: wholeNumber(100, 60_000)
      .default(100)
      .describe('first wait between attempts to connect; grows by a factor of 1.6'),
    reconnectMaxMs: wholeNumber(100, 120_000)
      .default(200)
      .describe('longest wait between attempts to connect'),
    retry: retrySchema
      .nullable()
      .default(null)
      .describe("the library's own retries; null = off, its transparent ones included"),
  })
  .refine(({ client, retry }) => client !== 'connect' || retry === null, {
    path: ['retry'],
    message: 'connect makes no retries of its own: retry needs client grpc-js',
  })
  .refine(({ client, host, encoding }) => encoding === 'protobuf' || client === host, {
    path: ['encoding'],
    message: 'the JSON of the two libraries differs: encoding json needs one library as client and host',
  });
export type GrpcOptions = z.infer<typeof grpcOptionsSchema>;
