import { z } from 'zod';
import { loadShapeSchema } from '../scenario/schema/load-shape-schema.ts';
import type { Address } from '../kernel/transport.ts';
import type { WireBytes } from '../measure/logs/wire-count.ts';

/** How the generator waits for the next instant. `auto`: decided by a benchmark in the run (DESIGN 3.13). */
export const PACINGS = ['thread', 'nap', 'timer'] as const;
export const pacingSchema = z.enum(['auto', ...PACINGS]);
export type Pacing = (typeof PACINGS)[number];

/**
 * All that one generator process (one shard) needs, as a JSON file (DESIGN 9).
 * `node generator.ts PLAN` runs it; it writes numbered NDJSON (see `GeneratorMessage`) to its standard
 * output, or to `socketPath` where that is given, and the raw instants to `arrivalsPath`.
 */
export const generatorPlanSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  /** The run's mark: hello on the socket carries it. */
  mark: z.string(),
  trial: z.number().int().min(0),
  seed: z.number().int().min(0),
  transport: z.string(),
  interaction: z.string(),
  /** Complete: every default is in them. */
  options: z.unknown(),
  /** Null: told by the order `connect`, so that its code is loaded while the service starts. */
  address: z.object({ url: z.string() }).catchall(z.string()).nullable(),
  /** Drives a target of the user's own with these settings of it; absent: a service of ours. */
  target: z.strictObject({ settings: z.unknown() }).optional(),
  contract: z.string(),
  /** Which operation an arrival is, drawn by hash with these weights. */
  mix: z.array(z.strictObject({ operation: z.string(), share: z.number().positive() })).min(1),
  /** Number of ordering keys; the key of an arrival is drawn by hash. */
  keys: z.number().int().positive(),
  load: loadShapeSchema,
  durationMs: z.number().positive(),
  /** Our wait per attempt ends then: outcome `timeout`. */
  deadlineMs: z.number().positive(),
  /** After the last arrival, at most so long for what is still open: then `unfinished`. */
  drainMs: z.number().min(0),
  /** Closed loop before measuring: at least `calls`, and at least `forMs`; null = none. */
  warmUp: z
    .strictObject({
      calls: z.number().int().positive(),
      concurrency: z.number().int().positive(),
      forMs: z.number().min(0),
    })
    .nullable(),
  /** Unmeasured open-loop arrivals at the plan's first rate, in windows of so many, until stationary; null = none. */
  steadyState: z
    .strictObject({ window: z.number().int().positive(), maxWindows: z.number().int().positive() })
    .nullable(),
  pacing: pacingSchema,
  /** Count the bytes of its connections from `go` to the end of the load. */
  countBytes: z.boolean(),
  shard: z.strictObject({ index: z.number().int().min(0), count: z.number().int().positive() }),
  arrivalsPath: z.string(),
  /** NDJSON goes here; the generator ends when it closes. Null: standard output, and no waiting for `go`. */
  socketPath: z.string().nullable(),
});
/** What is left when whoever starts the process has said who and where it is. */
export const generatorSettingsSchema = generatorPlanSchema.omit({
  version: true,
  name: true,
  mark: true,
  socketPath: true,
});
export type GeneratorPlan = z.infer<typeof generatorPlanSchema>;
/** Whom to call is known. */
export type AddressedPlan = GeneratorPlan & { readonly address: Address };

/** What a generator says, one JSON object a line, `n` counting from 0. */
export type GeneratorMessage = { readonly n: number } & (
  | { readonly type: 'hello'; readonly name: string; readonly mark: string; readonly pid: number }
  /** Closed-loop warm-up over. `perS`: replies or confirms per second in its last second: the capacity as the caller sees it. */
  | {
      readonly type: 'warmed';
      readonly calls: number;
      readonly failed: number;
      readonly failure: string | null;
      readonly perS: number;
      readonly fromNs: number;
      readonly toNs: number;
    }
  /** Settling over: window medians of service time (ns), and whether the last two agreed. */
  | {
      readonly type: 'settled';
      readonly calls: number;
      readonly isSteady: boolean;
      readonly windowP50Ns: readonly number[];
    }
  /** How the pacing was chosen: lag quantiles (ns) of each candidate. */
  | { readonly type: 'paced'; readonly pacing: Pacing; readonly candidates: readonly PacingTrial[] }
  /** Everything is ready; the measured load begins at the instant that `go` names. */
  | { readonly type: 'ready' }
  | { readonly type: 'started'; readonly startNs: number; readonly count: number }
  /** The last arrival was dispatched. */
  | { readonly type: 'sent'; readonly dispatched: number }
  /** Nothing is open any more, the arrivals file is written. The last line; exit code 0 follows. */
  | {
      readonly type: 'done';
      readonly arrivalsPath: string;
      readonly loop: EventLoopHealth;
      readonly cpuUs: number;
      readonly maxRssBytes: number;
      /** Of the measured load; null: not counted. */
      readonly wire: WireBytes | null;
    }
  | { readonly type: 'failed'; readonly message: string }
);

export interface PacingTrial {
  readonly pacing: Pacing;
  readonly lagP50Ns: number;
  readonly lagP99Ns: number;
  readonly cpuUsPerArrival: number;
}

/** What the generator saw of itself in the measured part (DESIGN 3.8). */
export interface EventLoopHealth {
  /** Event-loop delay, from perf_hooks. */
  readonly loopDelayP99Ns: number;
  readonly loopDelayMaxNs: number;
  readonly gcCount: number;
  readonly gcTotalNs: number;
  readonly gcMaxNs: number;
}

/** What a generator is told over its socket. */
export type GeneratorOrder =
  | { readonly type: 'connect'; readonly address: Address }
  | { readonly type: 'settle' }
  /** Begin the measured load so that arrival 0's schedule starts at `startNs`. */
  | { readonly type: 'go'; readonly startNs: number };
