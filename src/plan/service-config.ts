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

/** A fault of the application layer: it strikes messages of the arrivals `from` to before `to`. */
const applicationFaultSchema = z.strictObject({
  id: z.string(),
  do: z.string(),
  options: z.record(z.string(), z.unknown()),
  from: z.number().int().min(0),
  to: z.number().int().min(0),
});
export type ApplicationFaultConfig = z.infer<typeof applicationFaultSchema>;

/** What makes a service a part of a topology. */
const hopSchema = z.strictObject({
  /** Its index in the topology. */
  service: z.number().int().min(0),
  /** For policies' and faults' draws. */
  seed: z.number().int(),
  hopLogPath: z.string(),
  /** In the order in which they are gone over. */
  edges: z.array(edgeSchema),
  faults: z.array(applicationFaultSchema),
  /** Answers a repeated message with its first answer, without a second effect. */
  idempotent: z.boolean(),
  /** Further ways by which it is called, beside the one above. */
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
 * What a service process is to be: a JSON file, its only argument. It says hello on the socket,
 * then `ready` with its address, and ends when the socket closes.
 */
export const serviceConfigSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  mark: z.string(),
  socketPath: z.string(),
  transport: z.string(),
  interaction: z.string(),
  /** Complete: every default is in them. */
  options: z.unknown(),
  /** A broker queues for it, and bounds how many messages are here at once. */
  isBrokers: z.boolean(),
  contract: z.string(),
  /** Where to serve: from `provision`, or the address before a restart; null = choose. */
  address: address.nullable(),
  /** How many messages it handles at once. */
  concurrency: z.number().int().positive(),
  /** How many more may wait for a slot; past that `overloaded`. Brokers queue by themselves. */
  queue: z.number().int().min(0),
  /** Each message occupies its slot so long before its effect. */
  processingMs: z.number().min(0),
  /** Which of the subscribers it is, from 0. */
  subscriber: z.number().int().min(0),
  effectLogPath: z.string(),
  /** Count the bytes of its connections, and say so far how many when it is asked. */
  countBytes: z.boolean(),
  /** Absent: it calls nobody, and nothing is done to it message by message. */
  hop: hopSchema.nullable().default(null),
  /** Deliberate defects for `selftest`: planted here, outside of what measures them. */
  seededDefects: z
    .strictObject({
      /** Only this subscriber seeded defects them. */
      subscriber: z.number().int().min(0),
      /** Sequences from `from` to before `to` are held for `ms` instead of `processingMs`; null: none. */
      hold: z
        .strictObject({ from: z.number().int(), to: z.number().int(), ms: z.number().positive() })
        .nullable(),
      /** Sequences that are acknowledged without being done. */
      lose: z.array(z.number().int()),
      /** Sequences that are done twice. */
      double: z.array(z.number().int()),
      /** Sequences held back until the next message of the same key was done. */
      reorder: z.array(z.number().int()),
      /** What was planted is written here, one JSON object a line: the second truth. */
      logPath: z.string(),
    })
    .nullable(),
});
/** What is left when whoever starts the process has said who and where it is. */
export const serviceSettingsSchema = serviceConfigSchema.omit({
  version: true,
  name: true,
  mark: true,
  socketPath: true,
});
export type ServiceConfig = z.infer<typeof serviceConfigSchema>;

/** What a service says over the socket, one JSON object a line. */
export type ServiceMessage =
  | { readonly type: 'hello'; readonly name: string; readonly mark: string; readonly pid: number }
  | {
      readonly type: 'ready';
      readonly address: { readonly url: string; readonly [detail: string]: string };
      /** Of `hop.listens`, in their order. */
      readonly listens?: readonly { readonly url: string; readonly [detail: string]: string }[];
    }
  /** Since its start, on every connection but that to the hub. */
  | ({ readonly type: 'counted' } & WireBytes)
  | { readonly type: 'failed'; readonly message: string };

/** What it is asked, only where it counts bytes. */
export interface ServiceOrder {
  readonly type: 'count';
}
