import { z } from 'zod';
import {
  phaseSchema,
  ledgerSchema,
  validitySchema,
  loadVerdictSchema,
  couplingSchema,
} from '../measure/figures/figures.ts';
import { hopsSchema } from '../measure/hops/hop-figures.ts';
import { waterfallSchema } from '../measure/figures/waterfall.ts';
import { KIND_NAMES } from '../plan/kinds/kinds.ts';
import { scenarioSchema } from '../scenario/schema/schema.ts';

/**
 * The record of an experiment: header, design, whole trials (DESIGN 7). Every report is made of it again, and `replay`
 * its plan. Written atomically after each trial. Integer nanoseconds inside unless a name says otherwise.
 */
export const RECORD_VERSION = 2;

export const costSchema = z.strictObject({
  /** CPU microseconds per arrival, null = unknown (no /proc, not ours, killed). */
  callerUs: z.number().nullable(),
  serviceUs: z.number().nullable(),
  brokerUs: z.number().nullable(),
  callerPeakBytes: z.number().nullable(),
  servicePeakBytes: z.number().nullable(),
  brokerPeakBytes: z.number().nullable(),
});
/** Counted in a trial of its own: payload bytes of TCP, both directions, per call; null = unknown. */
export const wireSchema = z.strictObject({
  calls: z.number().int(),
  /** Between caller and service, or caller and broker. */
  callerSent: z.number().nullable(),
  callerReceived: z.number().nullable(),
  /** Between all services and the broker; null where there is none, as those bytes are the caller's. */
  serviceSent: z.number().nullable(),
  serviceReceived: z.number().nullable(),
});
export type WireBytesPerCall = z.infer<typeof wireSchema>;

/** Name of a file in src/plan/kinds. */
const kindSchema = z.enum(KIND_NAMES as [string, ...string[]]);

export type Cost = z.infer<typeof costSchema>;

export const faultRecordSchema = z.strictObject({
  /** Its phase's name; null: a result from before faults had names. */
  id: z.string().nullable().default(null),
  do: z.string(),
  on: z.string(),
  plannedAtNs: z.number(),
  plannedForNs: z.number(),
  /**
   * From the start of the measured load: signal sent, process seen to end (kill) or stopped. Of faults that strike
   * messages: the first struck, and the first of which a caller knew. Nobody else sees when a load begins.
   */
  injectedNs: z.number().nullable(),
  observedNs: z.number().nullable(),
  /** Restart or SIGCONT given; service ready again. */
  liftedNs: z.number().nullable(),
  readyNs: z.number().nullable(),
  /**
   * Of faults that strike messages: arrivals whose first try is to be struck, by the plan; tries that were, by the
   * service's own log; tries whose callers saw it. None is derived from another. null: it strikes no messages, or
   * nobody could see it.
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
  /** Id of the scenario's variant; null = as the scenario says. */
  variant: z.string().nullable().default(null),
  kind: kindSchema,
  /** Of a `fault` trial: id of the scenario's case; null = its `faults`. */
  case: z.string().nullable().default(null),
  /** skipped: planned, but not to be run here (a broker that is not ours, a capacity unknown); no failure. */
  state: z.enum(['done', 'failed', 'skipped']),
  /** Of a failed trial: what happened, with the last output of the process concerned; of a skipped one: why, in words. */
  failure: z.string().nullable(),
  /** What a reader must know of how it was run, in sentences: e.g. that a busy rate was capped. */
  notes: z.array(z.string()).default([]),
  startedAt: z.string(),
  wallMs: z.number(),
  planned: z.number().int(),
  /**
   * Where completion comes from. completion-queue: a queue or topic of the user's own, out of which came what was done.
   * none: a target of the user's own of which only acceptance is known; then `done` figures say nothing.
   */
  evidence: z.enum(['effect-log', 'completion-queue', 'none']),
  phases: z.array(phaseSchema),
  ledgers: z.array(ledgerSchema),
  coupling: couplingSchema.nullable(),
  faults: z.array(faultRecordSchema),
  /** Of `fault` and `control` trials: endpoints, edges, services, windows of health. */
  hops: hopsSchema.nullable().default(null),
  /** Of latency trials: where the time of their requests went. */
  waterfall: waterfallSchema.nullable().default(null),
  validity: validitySchema,
  load: loadVerdictSchema,
  /** Slope of the backlog under a constant load without faults, and whether it is one that is not kept up with; null: unknown. */
  backlogGrowth: z.strictObject({ perS: z.number(), isGrowing: z.boolean() }).nullable().default(null),
  cost: costSchema,
  wire: wireSchema.nullable().default(null),
  /** Ceiling from the closed-loop probe in the warm-up, per second: as the caller sees it, and effects. */
  capacity: z.strictObject({ acknowledgedPerS: z.number().nullable(), donePerS: z.number().nullable() }),
  warmUp: z.strictObject({
    calls: z.number().int(),
    isSteady: z.boolean().nullable(),
    windowP50Ns: z.array(z.number()),
  }),
  pacing: z.string(),
  maxConcurrent: z.number().int(),
  /** From the last arrival to the last effect. */
  drainMs: z.number(),
  machine: z.strictObject({
    /** Share of all cores, in the measured part: stolen, and used by processes not ours. null = unknown. */
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
  id: z.string(),
  title: z.string(),
  transport: z.string(),
  interaction: z.string(),
  /** URL of a server of the user's own that was driven in place of ours, without credentials. */
  target: z.string().nullable().default(null),
  /** Of a target: where its work is seen to be done, `queue orders.done`; null: it is not. */
  completion: z.string().nullable().default(null),
  /** not-run: with what was looked for and the cure. */
  state: z.enum(['run', 'not-run']),
  reason: z.string().nullable(),
  hint: z.string().nullable(),
  guarantee: z.strictObject({
    label: z.string(),
    acknowledgedBy: z.string(),
    durableAgainst: z.string(),
    /** unknown: of a target. */
    delivery: z.enum(['at-most-once', 'at-least-once', 'unknown']),
    order: z.string(),
  }),
  /** Fairness facts, printed with the row. */
  fairness: z.record(z.string(), z.string()),
  /** The client library and its version, as installed. */
  client: z.string(),
  /** Services that each get every message; 1 but for publish-subscribe. */
  subscribers: z.number().int().default(1),
  /** What the row takes besides caller and service; null: a target, or a result from before it was counted. */
  complexity: z
    .array(
      z.strictObject({ category: z.enum(['process', 'state', 'setting', 'artefact']), what: z.string() }),
    )
    .nullable()
    .default(null),
  /** Name of the broker that it goes over; null: none, or a result from before it was noted. */
  broker: z.string().nullable().default(null),
  /** Lines of our own adapter, without its broker: shown, not counted. */
  adapterLines: z.number().int().nullable().default(null),
});
export type PatternRecord = z.infer<typeof patternRecordSchema>;

/** What every experiment's record begins with. */
const headerShape = {
  format: z.literal('commbench-result'),
  version: z.literal(RECORD_VERSION),
  /** Its folder in src/experiments. */
  experiment: z.string(),
  commbench: z.string(),
  startedAt: z.string(),
  /** Of the last save; null: never saved. */
  finishedAt: z.string().nullable(),
  /** complete: every planned trial is there. incomplete: some failed or a pattern was not run. interrupted: ended early. */
  state: z.enum(['running', 'complete', 'incomplete', 'interrupted']),
  scenario: scenarioSchema,
  seed: z.number().int(),
  /** What the user asked for, without credentials. */
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
 * @template D its design: what was asked for, and what no trial tells
 * @template P the place of a trial in it, beside round and pattern
 */
export interface ExperimentRecord<D = unknown, P extends object = object> extends RecordHeader {
  design: D;
  trials: (Trial & P)[];
}

/** The schema of an experiment's record. @param place of a trial in the design, as fields of the trial */
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

/** By pattern, against a service that does nothing; null: it could not be found. */
const calibrationSchema = z.record(
  z.string(),
  z.strictObject({
    at: z.string(),
    noopP50Us: z.number().nullable(),
    sustainedPerS: z.number().nullable(),
    /** The search for it was cut off: it is there or above. */
    isSustainedAtLeast: z.boolean().optional(),
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
  /** What an earlier `calibrate` on this machine found of these patterns; null: there was none. */
  calibration: calibrationSchema.nullable().default(null),
});
export type RunDesign = z.infer<typeof runDesignSchema>;

export const resultSchema = recordSchema('run', runDesignSchema, {});

/** The record of `run`, or of one arm of an A/B comparison. */
export interface Result extends ExperimentRecord<RunDesign> {
  interleave?: Interleave | undefined;
}

/** Which arm of which A/B comparison; rounds with the same number in both arms are a pair. */
export interface Interleave {
  /** The same in both arms. */
  readonly id: string;
  readonly arm: 'a' | 'b';
  /** What the user called it: `client=kafkajs`. */
  readonly title: string;
  /** pairs: one after the other, each with processes of its own. switchback: both alive, the load alternating. */
  readonly mode: 'pairs' | 'switchback';
  /** What should not differ and does, because the arms were asked for so: names as in a comparison. */
  readonly declared?: readonly string[];
}
