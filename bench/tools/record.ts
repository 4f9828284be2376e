import { z } from 'zod';
import { resultSchema } from '../../src/record/record.ts';

export const BENCH_VERSION = 1;

/** Over gRPC calls share connections: each tool has at most so many. */
export const GRPC_CONNECTIONS = 4;

const quantilesSchema = z
  .array(z.strictObject({ quantile: z.number(), ms: z.number() }).readonly())
  .readonly();
const count = z.number().int().min(0);

/** `open`: arrivals at a constant rate; `one`: a single request. */
const workSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['rate', 'freeze', 'hold', 'one']),
  protocol: z.enum(['http', 'grpc']),
  /** Arrivals per second, and for how long; 0 for a single request. */
  ratePerS: z.number().min(0),
  seconds: z.number().min(0),
  /** The reference server holds each answer so long. */
  processingMs: z.number().min(0),
  /** The reference server stands still once, so long. */
  freezeMs: z.number().min(0),
});
export type Work = z.infer<typeof workSchema>;

/** What a tool printed about its own work. */
export const saidSchema = z.strictObject({
  /** Requests that it counts as answered well; null: it does not say. */
  count: count.nullable(),
  /** Latencies that it recorded, where these are not one for each request. */
  samples: count.nullable(),
  errors: count.nullable(),
  /** Arrivals that it says it left out. */
  dropped: count.nullable(),
  latencyMs: quantilesSchema,
  /** How late it says that it started them itself; empty: it does not say. */
  lagMs: quantilesSchema,
});
export type Said = z.infer<typeof saidSchema>;

/** What the referee saw arrive. */
const seenSchema = z.strictObject({
  count,
  /** Empty for a single request. */
  errorMs: quantilesSchema,
  /** How long answers were really held; empty where they were not. */
  delayedMs: quantilesSchema,
  /** How long it really stood still; null where it did not. */
  frozenMs: z.number().nullable(),
});
export type Seen = z.infer<typeof seenSchema>;

const turnSchema = z.strictObject({
  work: z.string(),
  tool: z.string(),
  round: z.number().int().positive(),
  /** Why it says nothing; null where it does. */
  failure: z.string().nullable(),
  wallMs: z.number(),
  /** Of the whole tool, its start included; null: not known here. */
  cpuUsPerRequest: z.number().nullable(),
  /** Cores that neither tool nor referee used meanwhile, but somebody; null: not known here. */
  othersCores: z.number().nullable(),
  said: saidSchema.nullable(),
  seen: seenSchema.nullable(),
});
export type Turn = z.infer<typeof turnSchema>;

const toolSchema = z.strictObject({
  name: z.string(),
  protocol: z.enum(['http', 'grpc']),
  /** As it says itself; null: it does not, or is not there. */
  version: z.string().nullable(),
  isThere: z.boolean(),
  /** How to get it; null where that is not known. */
  get: z.string().nullable(),
});
export type TestedTool = z.infer<typeof toolSchema>;

/** Load tools on one and the same work, interleaved, seen from the side that is called. */
export const benchSchema = z.strictObject({
  format: z.literal('commbench-judge'),
  version: z.literal(BENCH_VERSION),
  commbench: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  state: z.enum(['running', 'complete', 'interrupted']),
  seed: z.number().int(),
  rounds: z.number().int().positive(),
  connections: z.number().int().positive(),
  environment: resultSchema.shape.environment,
  works: z.array(workSchema),
  tools: z.array(toolSchema),
  turns: z.array(turnSchema),
});
export type BenchRecord = z.infer<typeof benchSchema>;
