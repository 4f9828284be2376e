import type { FailureTexts } from '../measure/logs/failure-texts.ts';
import { z } from 'zod';
import { loadShapeSchema } from '../scenario/schema/load-shape-schema.ts';
import { PATIENCES } from '../contracts/patience.ts';
import { tlsSchema } from '../platform/net/security-schema.ts';
import type { LoadShape } from '../kernel/load-shape.ts';
import type { Address } from '../kernel/transport.ts';
import type { ConnectionCounts, WireBytes } from '../measure/logs/wire-count.ts';

/** How the generator waits for the next instant. `auto`: chosen by a benchmark in the run (DESIGN 3.13). */
const PACINGS = ['thread', 'nap', 'timer'] as const;
const pacingSchema = z.enum(['auto', ...PACINGS]);
export type Pacing = (typeof PACINGS)[number];

/** Callers with one call open each, and for how long. */
const closedLoopPlanSchema = z.strictObject({
  open: z.number().int().positive(),
  forMs: z.number().positive(),
});

/** `TraceSampling` of the kernel. */
const traceSamplingSchema = z.strictObject({
  run: z.number().int().min(0),
  share: z.number().positive().max(1),
});

/** Requests to a target of the user's own. */
const targetPlanSchema = z.strictObject({
  /** Every kind of request, by the operation of its messages. */
  requests: z.record(
    z.string(),
    z.strictObject({
      settings: z.unknown(),
      /** Values that later steps of its flow take from the answer, by name: at a path of its body, or a header. */
      take: z.record(
        z.string(),
        z.strictObject({ path: z.array(z.string()).optional(), header: z.string().optional() }),
      ),
    }),
  ),
  /** Steps of each flow, in order: an arrival of its operation sends one after the other. */
  flows: z.record(z.string(), z.array(z.string()).min(1)),
  /** The shape of all its streams; null: its answers are no streams. */
  stream: z
    .strictObject({
      items: z.number().int().positive(),
      everyMs: z.number().positive().nullable(),
      isLeft: z.boolean(),
    })
    .nullable(),
  /** Present where its URL is one of TLS. */
  tls: tlsSchema.optional(),
});
export type TargetPlan = z.infer<typeof targetPlanSchema>;

/**
 * Input of one generator process (one shard), as a JSON file (DESIGN 9). `node generator.ts PLAN` runs it. It writes
 * numbered NDJSON (see `GeneratorMessage`) to its standard output, or to `socketPath` if given, and the raw instants to
 * `arrivalsPath`.
 */
export const generatorPlanSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  /** The run's mark, which hello on the socket carries. */
  mark: z.string(),
  trial: z.number().int().min(0),
  seed: z.number().int().min(0),
  transport: z.string(),
  interaction: z.string(),
  /** Complete: all defaults are filled in. */
  options: z.unknown(),
  /** Null: sent with the order `connect`, so that the generator loads its code while the service starts. */
  address: z.object({ url: z.string() }).catchall(z.string()).nullable(),
  /** The user's own target; absent: a service of ours. */
  target: targetPlanSchema.optional(),
  contract: z.string(),
  /** Operation weights; the operation of an arrival is drawn by hash. */
  mix: z.array(z.strictObject({ operation: z.string(), share: z.number().positive() })).min(1),
  /** Number of ordering keys; the key of an arrival is drawn by hash. */
  keys: z.number().int().positive(),
  load: loadShapeSchema,
  durationMs: z.number().positive(),
  /** The most arrivals that a load may have which is changed while it lasts; absent: it is fixed. */
  mostArrivals: z.number().int().positive().optional(),
  /** Our wait per attempt ends then: outcome `timeout`. */
  deadlineMs: z.number().positive(),
  patience: z.enum(PATIENCES).default('refuse'),
  /** Longest wait for open calls after the last arrival; then `unfinished`. */
  drainMs: z.number().min(0),
  /** Closed loop before measuring: at least `calls`, and at least `forMs`; null = none. */
  warmUp: z
    .strictObject({
      calls: z.number().int().positive(),
      concurrency: z.number().int().positive(),
      forMs: z.number().min(0),
      /** Ends the calls before there are so many, but not before `forMs`; null = never. */
      mostMs: z.number().min(0).nullable().default(null),
    })
    .nullable(),
  /** Closed loops after the warm-up, each begun by an order; empty = none. */
  closedLoops: z.array(closedLoopPlanSchema).default([]),
  /** Unmeasured open-loop arrivals at the plan's first rate, in windows of this many, until steady; null = none. */
  steadyState: z
    .strictObject({ window: z.number().int().positive(), maxWindows: z.number().int().positive() })
    .nullable(),
  pacing: pacingSchema,
  /** Count the bytes of its connections from `go` to the end of the load. */
  countBytes: z.boolean(),
  /** Requests that carry a trace context; absent: none. */
  trace: traceSamplingSchema.optional(),
  shard: z.strictObject({ index: z.number().int().min(0), count: z.number().int().positive() }),
  arrivalsPath: z.string(),
  /** NDJSON goes here; the generator ends when it closes. Null: standard output, without waiting for `go`. */
  socketPath: z.string().nullable(),
});
/** Settings without the identity and address of the process. */
export const generatorSettingsSchema = generatorPlanSchema.omit({
  version: true,
  name: true,
  mark: true,
  socketPath: true,
});
export type GeneratorPlan = z.infer<typeof generatorPlanSchema>;
/** A plan whose address is known. */
export type AddressedPlan = GeneratorPlan & { readonly address: Address };

/** A message of the generator, one JSON object per line; `n` counts from 0. */
export type GeneratorMessage = { readonly n: number } & (
  | { readonly type: 'hello'; readonly name: string; readonly mark: string; readonly pid: number }
  /** Closed-loop warm-up over. */
  | ({ readonly type: 'warmed' } & LoopEnd)
  /** One of `closedLoops` over. */
  | ({ readonly type: 'looped' } & LoopEnd)
  /** Steady-state windows over: medians of service time (ns), and whether the last two agreed. */
  | {
      readonly type: 'settled';
      readonly calls: number;
      readonly isSteady: boolean;
      readonly windowP50Ns: readonly number[];
    }
  /** The chosen pacing: lag quantiles (ns) of each candidate. */
  | { readonly type: 'paced'; readonly pacing: Pacing; readonly candidates: readonly PacingTrial[] }
  /** Everything is ready; the measured load begins at the instant in `go`. */
  | { readonly type: 'ready' }
  | { readonly type: 'started'; readonly startNs: number; readonly count: number }
  /** The last arrival was dispatched. */
  | { readonly type: 'sent'; readonly dispatched: number }
  /** No call is open any more, and the arrivals file is written. The last line; exit code 0 follows. */
  | {
      readonly type: 'done';
      readonly arrivalsPath: string;
      readonly loop: EventLoopHealth;
      readonly cpuUs: number;
      /** Time in which that was used. */
      readonly spanNs: number;
      readonly maxRssBytes: number;
      /** Bytes of the measured load; null: not counted. */
      readonly wire: WireBytes | null;
      readonly failureTexts: readonly FailureTexts[];
      /** Of the measured load. */
      readonly connections: ConnectionCounts;
    }
  | { readonly type: 'failed'; readonly message: string }
);

/** A closed loop that is over. */
interface LoopEnd {
  readonly calls: number;
  readonly failed: number;
  readonly failure: string | null;
  /** Replies or confirms per second in its last second. */
  readonly perS: number;
  /** Median time until them, of the last second; null: there was none. */
  readonly p50Ns: number | null;
  readonly fromNs: number;
  readonly toNs: number;
}

export interface PacingTrial {
  readonly pacing: Pacing;
  readonly lagP50Ns: number;
  readonly lagP99Ns: number;
  readonly cpuUsPerArrival: number;
}

/** The generator's own event loop in the measured part (DESIGN 3.8). */
export interface EventLoopHealth {
  /** Event-loop delay, from perf_hooks. */
  readonly loopDelayP99Ns: number;
  readonly loopDelayMaxNs: number;
  readonly gcCount: number;
  readonly gcTotalNs: number;
  readonly gcMaxNs: number;
}

/** An order to the generator over its socket. */
export type GeneratorOrder =
  | { readonly type: 'connect'; readonly address: Address }
  /** Begin the next of `closedLoops`. */
  | { readonly type: 'loop' }
  | { readonly type: 'settle' }
  /** Begin the measured load so that arrival 0's schedule starts at `startNs`. */
  | { readonly type: 'go'; readonly startNs: number }
  /** The whole load in place of the one so far, which it continues: only arrivals not yet awaited may differ. */
  | { readonly type: 'steer'; readonly load: LoadShape; readonly durationMs: number };
