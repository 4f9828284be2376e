import { z } from 'zod';
import type { WireBytes } from '../measure/logs/wire-count.ts';

const address = z.object({ url: z.string() }).catchall(z.string());

/** An edge as its caller needs it. */
const edgeSchema = z.strictObject({
  /** Its index in the topology. */
  index: z.number().int().min(0),
  id: z.string(),
  operations: z.array(z.string()).nullable(),
  transport: z.string(),
  interaction: z.string(),
  options: z.unknown(),
  address,
  policies: z.array(z.looseObject({ policy: z.string() })),
});

/** A fault of the application layer, with its window in both ways that a fault may strike by. */
const applicationFaultSchema = z.strictObject({
  id: z.string(),
  do: z.string(),
  options: z.record(z.string(), z.unknown()),
  /** Arrivals `from` to before `to`. */
  from: z.number().int().min(0),
  to: z.number().int().min(0),
  /** Instants `fromMs` to before `toMs` of the load. */
  fromMs: z.number().min(0),
  toMs: z.number().min(0),
});
export type ApplicationFaultConfig = z.infer<typeof applicationFaultSchema>;

/** Settings of a service within a topology. */
const hopSchema = z.strictObject({
  /** Its index in the topology. */
  service: z.number().int().min(0),
  /** Seed of the draws of policies and faults. */
  seed: z.number().int(),
  hopLogPath: z.string(),
  /** In the order in which they are called. */
  edges: z.array(edgeSchema),
  faults: z.array(applicationFaultSchema),
  /** Start of the load (monotonic ns); null: not known yet, and no fault strikes by instant. */
  loadStartNs: z.number().nullable(),
  /** Repeats its first reply to a repeated message, without a second effect. */
  idempotent: z.boolean(),
  /** Further addresses at which it is called. */
  listens: z.array(
    z.strictObject({
      transport: z.string(),
      interaction: z.string(),
      options: z.unknown(),
      isBrokers: z.boolean(),
      address: address.nullable(),
    }),
  ),
});
export type HopConfig = z.infer<typeof hopSchema>;

/**
 * Configuration of a service process: a JSON file, its only argument. The process sends hello on the socket, then
 * `ready` with its address, and ends when the socket closes.
 */
export const serviceConfigSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  mark: z.string(),
  socketPath: z.string(),
  transport: z.string(),
  interaction: z.string(),
  /** Complete: all defaults are filled in. */
  options: z.unknown(),
  /** A broker queues for it, and bounds the messages in hand. */
  isBrokers: z.boolean(),
  contract: z.string(),
  /** Address to serve at: from `provision`, or the address before a restart; null = choose. */
  address: address.nullable(),
  /** Messages handled at once. */
  concurrency: z.number().int().positive(),
  /** Further messages that may wait; beyond that `overloaded`. Brokers queue by themselves. */
  queue: z.number().int().min(0),
  /** Time for which each message occupies the service before its effect. */
  processingMs: z.number().min(0),
  /** Index of the subscriber, from 0. */
  subscriber: z.number().int().min(0),
  effectLogPath: z.string(),
  /** Count the bytes of its connections, and report the count on request. */
  countBytes: z.boolean(),
  /** Absent: it calls no service, and no fault strikes its messages. */
  hop: hopSchema.nullable().default(null),
  /** Deliberate defects for `selftest`, made here, outside of the code that measures them. */
  seededDefects: z
    .strictObject({
      /** The only subscriber with these defects. */
      subscriber: z.number().int().min(0),
      /** Sequences from `from` to before `to` take `ms` instead of `processingMs`; null: none. */
      hold: z
        .strictObject({ from: z.number().int(), to: z.number().int(), ms: z.number().positive() })
        .nullable(),
      /** Sequences that are acknowledged without being done. */
      lose: z.array(z.number().int()),
      /** Sequences that are done twice. */
      double: z.array(z.number().int()),
      /** Sequences held back until the next message of the same key is done. */
      reorder: z.array(z.number().int()),
      /** Log of the defects made, one JSON object per line: the independent truth. */
      logPath: z.string(),
    })
    .nullable(),
});
/** Settings without the identity and address of the process. */
export const serviceSettingsSchema = serviceConfigSchema.omit({
  version: true,
  name: true,
  mark: true,
  socketPath: true,
});
export type ServiceConfig = z.infer<typeof serviceConfigSchema>;

/** A message of a service over the socket, one JSON object per line. */
export type ServiceMessage =
  | { readonly type: 'hello'; readonly name: string; readonly mark: string; readonly pid: number }
  | {
      readonly type: 'ready';
      readonly address: { readonly url: string; readonly [detail: string]: string };
      /** Addresses of `hop.listens`, in their order. */
      readonly listens?: readonly { readonly url: string; readonly [detail: string]: string }[];
    }
  /** Bytes since its start, on every connection except that to the hub. */
  | ({ readonly type: 'counted' } & WireBytes)
  /** The start of the load is known. */
  | { readonly type: 'expecting' }
  | { readonly type: 'failed'; readonly message: string };

/** A request to the service: `count` only where it counts bytes, `expect` only where faults strike its messages. */
export type ServiceOrder =
  | { readonly type: 'count' }
  /** The load starts at this instant (monotonic ns). */
  | { readonly type: 'expect'; readonly loadStartNs: number };
