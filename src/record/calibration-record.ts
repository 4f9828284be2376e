import { z } from 'zod';
import { LIMITING_FACTORS } from './rate-assessment.ts';
import { patternRecordSchema, resultSchema } from './record.ts';

export const CALIBRATION_VERSION = 1;

const rateAssessmentSchema = z.strictObject({
  verdict: z.enum(['sustained', 'not-sustained', 'discarded']),
  limit: z.enum(LIMITING_FACTORS).nullable(),
  why: z.string().nullable(),
});

const noopSchema = z.strictObject({
  ratePerS: z.number(),
  /** p50 of the caller's wait in all trials together, and the least and the greatest of a single one. */
  p50Us: z.number(),
  lowUs: z.number(),
  highUs: z.number(),
  trials: z.number().int(),
});

const sustainedRateSchema = z.strictObject({
  /** The highest rate that was kept, and the lowest above it that was not; null: there was none. */
  sustainedPerS: z.number().nullable(),
  notSustainedPerS: z.number().nullable(),
  /** Why not, by most of its trials; null where every rate was kept. */
  limit: z.enum(LIMITING_FACTORS).nullable(),
  why: z.string().nullable(),
  /** The search came to its end: the two are within its factor, or at the end of the range. */
  isWhole: z.boolean(),
  triedRates: z.array(
    z.strictObject({
      ratePerS: z.number(),
      isSustained: z.boolean(),
      verdicts: z.array(rateAssessmentSchema),
    }),
  ),
});

const closedLoopSchema = z.strictObject({
  /** `autocannon 9.0.0` */
  tool: z.string(),
  connections: z.number().int(),
  seconds: z.number(),
  perS: z.number(),
  failed: z.number().int(),
});

export const calibratedPatternSchema = z.strictObject({
  pattern: patternRecordSchema,
  /** By what a row of another scenario is known to be the same. */
  key: z.string(),
  /** When it was measured, which may have been by an earlier run; null: not yet. */
  at: z.string().nullable(),
  /** Null: not measured, `why` says it. */
  noop: noopSchema.nullable(),
  sustainedRate: sustainedRateSchema.nullable(),
  /** Of HTTP rows: another tool against the same null service, closed loop; null: not asked. */
  closedLoop: closedLoopSchema.nullable(),
  why: z.string().nullable(),
});
export type CalibratedPattern = z.infer<typeof calibratedPatternSchema>;

/** No-op baseline and highest sustained rate of rows on this machine, against a service that does nothing. */
export const calibrationSchema = z.strictObject({
  format: z.literal('commbench-calibration'),
  version: z.literal(CALIBRATION_VERSION),
  commbench: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  state: z.enum(['running', 'complete', 'incomplete', 'interrupted']),
  /** Hash of what makes a machine another one: CPU, cores, kernel, Node, version of commbench. */
  fingerprint: z.string(),
  budgetMs: z.number(),
  seed: z.number().int(),
  /** Both rates of a capacity are to be within this factor. */
  within: z.number(),
  environment: resultSchema.shape.environment,
  brokers: resultSchema.shape.brokers,
  patterns: z.array(calibratedPatternSchema),
});
export type Calibration = z.infer<typeof calibrationSchema>;
