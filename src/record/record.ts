import { z } from 'zod';
import {
  phaseSchema,
  ledgerSchema,
  validitySchema,
  loadVerdictSchema,
  couplingSchema,
} from '../measure/figures/figures.ts';
import { PATIENCES } from '../contracts/patience.ts';
import { contractChangeSchema } from '../measure/figures/contract-change.ts';
import { loopFiguresSchema } from '../measure/figures/closed-loop.ts';
import { hopsSchema } from '../measure/hops/hop-figures.ts';
import { operationFiguresSchema } from '../measure/figures/operations.ts';
import { waterfallSchema } from '../measure/figures/waterfall.ts';
import { KIND_NAMES } from '../plan/kinds/kinds.ts';
import { word } from '../scenario/schema/fields.ts';
import { scenarioSchema } from '../scenario/schema/schema.ts';

/**
 * The record of an experiment: header, design, whole trials (DESIGN 7). Every report and `replay` are made from it. It
 * is written atomically after each trial. Integer nanoseconds unless a name says otherwise.
 */
export const RECORD_VERSION = 2;

const costSchema = z.strictObject({
  /** CPU microseconds per arrival, null = unknown (no /proc, not ours, killed). */
  callerUs: z.number().nullable(),
  serviceUs: z.number().nullable(),
  brokerUs: z.number().nullable(),
  callerPeakBytes: z.number().nullable(),
  servicePeakBytes: z.number().nullable(),
  brokerPeakBytes: z.number().nullable(),
  /**
   * Time in which CPU was sampled: of the caller by itself, of all others from before the load until quiescence; and
   * the cores that the idle broker used, which are subtracted (null: none, or unknown). Absent in results older than
   * the field.
   */
  spans: z
    .strictObject({ callerNs: z.number(), othersNs: z.number(), brokerIdleCores: z.number().nullable() })
    .optional(),
});
/** TCP payload bytes per call, both directions, from a counting trial; null = unknown. */
const wireSchema = z.strictObject({
  calls: z.number().int(),
  /** Between caller and service, or caller and broker. */
  callerSent: z.number().nullable(),
  callerReceived: z.number().nullable(),
  /** Between all services and the broker; null without a broker, as those bytes are the caller's. */
  serviceSent: z.number().nullable(),
  serviceReceived: z.number().nullable(),
});
export type WireBytesPerCall = z.infer<typeof wireSchema>;

/** Name of a file in src/plan/kinds. */
const kindSchema = z.enum(KIND_NAMES as [string, ...string[]]);

export type Cost = z.infer<typeof costSchema>;

const faultRecordSchema = z.strictObject({
  /** Name of its phase; null in results older than named faults. */
  id: z.string().nullable().default(null),
  do: z.string(),
  on: z.string(),
  plannedAtNs: z.number(),
  plannedForNs: z.number(),
  /**
   * Instants from the start of the measured load: signal sent, process observed to end (kill) or to stop. For faults of
   * messages: the first message struck, and the first that a caller noticed. The start of a load fault is observed by
   * the generator alone.
   */
  injectedNs: z.number().nullable(),
  observedNs: z.number().nullable(),
  /** Restart or SIGCONT given; service ready again. */
  liftedNs: z.number().nullable(),
  readyNs: z.number().nullable(),
  /**
   * Counts for faults of messages, none derived from another:
   * planned: arrivals whose first try is to be struck; injected: tries struck, by the service's log; observed: tries
   * whose callers noticed.
   * null: it strikes no messages, or it could not be observed.
   */
  planned: z.number().int().nullable().default(null),
  injected: z.number().int().nullable().default(null),
  observed: z.number().int().nullable().default(null),
});
export type FaultRecord = z.infer<typeof faultRecordSchema>;

export const trialSchema = z.strictObject({
  id: z.number().int(),
  round: z.number().int(),
  /** Id of the scenario's pattern. */
  pattern: z.string(),
  /** Id of the scenario's variant; null: the scenario without a variant. */
  variant: z.string().nullable().default(null),
  kind: kindSchema,
  /** For a `fault` trial: id of the scenario's case; null = its `faults`. */
  case: z.string().nullable().default(null),
  /** skipped: planned, but it cannot be run here (a broker that is not ours, an unknown closed-loop rate); no failure. */
  state: z.enum(['done', 'failed', 'skipped']),
  /** For a failed trial: the error, with the last output of its process; for a skipped one: the reason in words. */
  failure: z.string().nullable(),
  /** Notes for the reader on how it was run, in sentences: e.g. that a busy rate was capped. */
  notes: z.array(z.string()).default([]),
  startedAt: z.string(),
  wallMs: z.number(),
  planned: z.number().int(),
  /**
   * Source of completion. completion-queue: a queue or topic of the user's own that reports completed work. none: a
   * target of the user's own whose acceptance alone is known; then `done` figures mean nothing.
   */
  evidence: z.enum(['effect-log', 'completion-queue', 'none']),
  phases: z.array(phaseSchema),
  /** Of a target with several kinds of requests: each by itself; absent: there is one, or the result is older. */
  operations: z.array(operationFiguresSchema).optional(),
  ledgers: z.array(ledgerSchema),
  coupling: couplingSchema.nullable(),
  faults: z.array(faultRecordSchema),
  /** What became of calls to a service that serves a version of the contract by name; null: the callers' own. */
  contractChange: contractChangeSchema.nullable().default(null),
  /** For `fault` and `control` trials, and for `latency` trials of a topology: endpoints, edges, services, windows of health. */
  hops: hopsSchema.nullable().default(null),
  /** For latency trials: where the time of their requests went. */
  waterfall: waterfallSchema.nullable().default(null),
  validity: validitySchema,
  load: loadVerdictSchema,
  /** What the first failures of each kind said: `{ end: 'error 503', texts: [...] }`, at most three texts of each. */
  failureTexts: z.array(z.strictObject({ end: z.string(), texts: z.array(z.string()) })).default([]),
  /**
   * Slope of the backlog under a constant load without faults, and whether it shows an unsustained rate; null: unknown.
   */
  backlogGrowth: z.strictObject({ perS: z.number(), isGrowing: z.boolean() }).nullable().default(null),
  /**
   * Median completion time (us) in each of ten parts of a trial at a constant rate; null: too little was done. Absent
   * for other trials, and in results older than the field.
   */
  completionWindowsUs: z.array(z.number().nullable()).optional(),
  cost: costSchema,
  wire: wireSchema.nullable().default(null),
  /**
   * TCP connections of the caller: open when the load began, opened while it lasted, and attempts that led to none.
   * Absent in results older than the field, and where no load was sent.
   */
  connections: z
    .strictObject({ atStart: z.number().int(), opened: z.number().int(), refused: z.number().int() })
    .optional(),
  /**
   * Rates of the closed loop in the warm-up, per second: acknowledged at the caller, and effects. Bounded by the waits of
   * its callers, so that it is no capacity.
   */
  capacity: z.strictObject({ acknowledgedPerS: z.number().nullable(), donePerS: z.number().nullable() }),
  /** Of a trial of closed loops: each, in the order in which they ran. Absent for others. */
  closedLoops: z.array(loopFiguresSchema).optional(),
  warmUp: z.strictObject({
    /** Of the closed loop, with its probe, and of the windows at the rate of the load until latencies were steady. */
    calls: z.number().int(),
    steadyStateCalls: z.number().int().default(0),
    isSteady: z.boolean().nullable(),
    windowP50Ns: z.array(z.number()),
  }),
  pacing: z.string(),
  maxConcurrent: z.number().int(),
  /** From the last arrival to the last effect. */
  drainMs: z.number(),
  machine: z.strictObject({
    /** Shares of all cores in the measured part: stolen, and used by other processes. null = unknown. */
    steal: z.number().nullable(),
    others: z.number().nullable(),
    busy: z.number().nullable(),
  }),
  generator: z
    .strictObject({
      loopDelayP99Ns: z.number(),
      loopDelayMaxNs: z.number(),
      gcCount: z.number(),
      gcTotalNs: z.number(),
      gcMaxNs: z.number(),
    })
    .nullable(),
});
export type Trial = z.infer<typeof trialSchema>;

export const patternRecordSchema = z.strictObject({
  id: word,
  title: z.string(),
  transport: z.string(),
  interaction: z.string(),
  /** URL of the user's own server that was driven in place of ours, without credentials. */
  target: z.string().nullable().default(null),
  /** Of a target reached over TLS; null: no target, or without TLS. */
  certificates: z.enum(['verified', 'not-verified']).nullable().default(null),
  /** For a target: where completed work is observed, `queue orders.done`; null: nowhere. */
  completion: z.string().nullable().default(null),
  /** not-run: the reason holds what was looked for and the hint. */
  state: z.enum(['run', 'not-run']),
  reason: z.string().nullable(),
  hint: z.string().nullable(),
  guarantee: z.strictObject({
    label: z.string(),
    acknowledgedBy: z.string(),
    durableAgainst: z.string(),
    /** unknown: for a target. */
    delivery: z.enum(['at-most-once', 'at-least-once', 'unknown']),
    order: z.string(),
  }),
  /** Fairness facts, printed with the pattern. */
  fairness: z.record(z.string(), z.string()),
  /** The client library and its version, as installed. */
  client: z.string(),
  /** Services that each get every message; 1 except for publish-subscribe. */
  subscribers: z.number().int().default(1),
  /** What its caller does while the other end is away; null: a result older than the field. */
  patience: z.enum(PATIENCES).nullable().default(null),
  /** Parts that the pattern needs besides caller and service; null: a target, or a result older than the field. */
  complexity: z
    .array(
      z.strictObject({ category: z.enum(['process', 'state', 'setting', 'artefact']), what: z.string() }),
    )
    .nullable()
    .default(null),
  /** Name of its broker; null: none, or a result older than the field. */
  broker: z.string().nullable().default(null),
  /** Lines of our own adapter, without its broker: shown, not counted. */
  adapterLines: z.number().int().nullable().default(null),
});
export type PatternRecord = z.infer<typeof patternRecordSchema>;

/** The header of every experiment's record. */
const headerShape = {
  format: z.literal('commbench-result'),
  version: z.literal(RECORD_VERSION),
  /** Its folder in src/experiments. */
  experiment: z.string(),
  commbench: z.string(),
  startedAt: z.string(),
  /** Time of the last save; null: never saved. */
  finishedAt: z.string().nullable(),
  /**
   * complete: every planned trial is present. incomplete: some failed or a pattern was not run. interrupted: ended
   * early.
   */
  state: z.enum(['running', 'complete', 'incomplete', 'interrupted']),
  scenario: scenarioSchema,
  seed: z.number().int(),
  /** The user's options, without credentials. */
  options: z.record(z.string(), z.unknown()),
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  brokers: z.array(
    z.strictObject({
      name: z.string(),
      source: z.string(),
      version: z.string(),
      url: z.string(),
      warmed: z.string().nullable(),
    }),
  ),
  patterns: z.array(patternRecordSchema),
};

const headerSchema = z.strictObject(headerShape);
export type RecordHeader = z.infer<typeof headerSchema>;

/**
 * An experiment's record.
 * @template D its design: the request, and facts that no trial holds
 * @template P the identity of a trial in it, beside round and pattern
 */
export interface ExperimentRecord<D = unknown, P extends object = object> extends RecordHeader {
  design: D;
  trials: (Trial & P)[];
}

/**
 * The schema of an experiment's record.
 * @param place identity of a trial in the design, as fields of the trial
 */
export function recordSchema<E extends string, D extends z.ZodType, P extends z.ZodRawShape>(
  experiment: E,
  design: D,
  place: P,
) {
  return z.strictObject({
    ...headerShape,
    experiment: z.literal(experiment),
    design,
    trials: z.array(z.strictObject({ ...trialSchema.shape, ...place })),
  });
}

/** By pattern, against a service that does nothing; null: not found. */
const calibrationSchema = z.record(
  z.string(),
  z.strictObject({
    at: z.string(),
    noopP50Us: z.number().nullable(),
    sustainedPerS: z.number().nullable(),
    /** The search was cut off: the value is a lower bound. */
    isSustainedAtLeast: z.boolean().optional(),
    /** Its broker at that time, e.g. `rabbitmq 4.3.6`; absent: none. */
    broker: z.string().optional(),
  }),
);

export const runDesignSchema = z.strictObject({
  /** Trials in the order in which they ran or will run. */
  order: z.array(
    z.strictObject({
      id: z.number().int(),
      round: z.number().int(),
      pattern: z.string(),
      variant: z.string().nullable().default(null),
      kind: kindSchema,
      case: z.string().nullable().default(null),
    }),
  ),
  /** Result of an earlier `calibrate` of these patterns on this machine; null: there was none. */
  calibration: calibrationSchema.nullable().default(null),
});
export type RunDesign = z.infer<typeof runDesignSchema>;

export const resultSchema = recordSchema('run', runDesignSchema, {});

/** The record of `run`, or of one arm of an A/B comparison. */
export interface Result extends ExperimentRecord<RunDesign> {
  interleave?: Interleave | undefined;
}

/** The arm and A/B comparison of a result; rounds with the same number in both arms are a pair. */
export interface Interleave {
  /** The same in both arms. */
  readonly id: string;
  readonly arm: 'a' | 'b';
  /** The user's name for the arm: `client=kafkajs`. */
  readonly title: string;
  /** pairs: one after the other, each with processes of its own. switchback: both alive, the load alternating. */
  readonly mode: 'pairs' | 'switchback';
  /** Intended differences between the arms; names as in a comparison. */
  readonly declared?: readonly string[];
}
