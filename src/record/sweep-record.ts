import { z } from 'zod';
import { seriesSchema } from '../measure/figures/figures.ts';
import { LIMITING_FACTORS } from './rate-assessment.ts';
import { patternRecordSchema, resultSchema, trialSchema } from './record.ts';

export const SWEEP_VERSION = 1;

/** response: the response time; completion: when the work is done. */
const figureSchema = z.enum(['response', 'completion']);
export type SweepFigure = z.infer<typeof figureSchema>;

/** What a point is to meet: `response p99 < 50ms`. */
const objectiveSchema = z.strictObject({
  /** As it was written. */
  text: z.string(),
  figure: figureSchema,
  quantile: z.number(),
  limitUs: z.number(),
  /** The limit itself is met too. */
  isInclusive: z.boolean(),
});
export type Objective = z.infer<typeof objectiveSchema>;

const sweepTrialSchema = z.strictObject({
  id: z.number().int(),
  round: z.number().int(),
  /** Id of a row. */
  pattern: z.string(),
  ratePerS: z.number(),
  durationMs: z.number(),
  state: z.enum(['done', 'failed']),
  validity: trialSchema.shape.validity,
  load: trialSchema.shape.load,
  /** Null: the rate was kept; with the reason in words. */
  limit: z.enum(LIMITING_FACTORS).nullable(),
  why: z.string().nullable(),
  /** Slope of the backlog; null where the trial failed. */
  growthPerS: z.number().nullable(),
  planned: z.number().int(),
  correct: z.number().int(),
  doneInTime: z.number().int(),
  /** None: a target of the user's own, of whose work nothing is known. */
  evidence: trialSchema.shape.evidence,
  response: seriesSchema.nullable(),
  completion: seriesSchema.nullable(),
});
export type SweepTrial = z.infer<typeof sweepTrialSchema>;

/** Latency against load of several rows, with everything that was measured for it. */
export const sweepSchema = z.strictObject({
  format: z.literal('commbench-sweep'),
  version: z.literal(SWEEP_VERSION),
  commbench: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  state: z.enum(['running', 'complete', 'incomplete', 'interrupted']),
  /** As it ran, but for the load, its length and the warm-up, which are the sweep's. */
  scenario: resultSchema.shape.scenario,
  /** Ascending, per second. */
  rates: z.array(z.number()),
  rounds: z.number().int(),
  /** Processes that shared the schedule of each trial. */
  generators: z.number().int().default(1),
  /** Which is drawn beside the median, and decides about the knee. */
  quantile: z.number(),
  objective: objectiveSchema.nullable(),
  seed: z.number().int(),
  patterns: z.array(patternRecordSchema),
  environment: resultSchema.shape.environment,
  brokers: resultSchema.shape.brokers,
  /** In the order in which they ran. */
  trials: z.array(sweepTrialSchema),
});
export type Sweep = z.infer<typeof sweepSchema>;
