import { z } from 'zod';
import { type ExperimentRecord, patternRecordSchema, recordSchema } from '../../record/record.ts';

const closedLoopSchema = z.strictObject({
  /** `autocannon 9.0.0` */
  tool: z.string(),
  connections: z.number().int(),
  seconds: z.number(),
  perS: z.number(),
  failed: z.number().int(),
});
export type ClosedLoop = z.infer<typeof closedLoopSchema>;

const entrySchema = z.strictObject({
  pattern: patternRecordSchema,
  /** Equal for the same pattern in another scenario. */
  key: z.string(),
  /** When it was measured, which may have been by an earlier run; its trials bear the same instant. null: not yet. */
  at: z.string().nullable(),
  /** HTTP only: another tool against the same no-op service, closed loop; null: not measured. */
  closedLoop: closedLoopSchema.nullable(),
  /** Its broker when it was measured, e.g. `rabbitmq 4.3.6`; absent: none, or measured before this was recorded. */
  broker: z.string().optional(),
  /** Why nothing, or nothing newer, is known; null: no reason. */
  note: z.string().nullable(),
});
export type CalibratedEntry = z.infer<typeof entrySchema>;

const designSchema = z.strictObject({
  /** Hash of what makes a machine another one: CPU, cores, kernel, Node, version of commbench. */
  fingerprint: z.string(),
  budgetMs: z.number(),
  /** The search ends when both rates of a capacity are within this factor. */
  within: z.number(),
  /** Entries asked for come first; earlier ones stay until they are measured again. */
  entries: z.array(entrySchema),
});
export type CalibrationDesign = z.infer<typeof designSchema>;

const placeSchema = z.strictObject({
  key: z.string(),
  /** When the measurement of its pattern began. */
  at: z.string(),
  part: z.enum(['no-op', 'sustained-rate']),
  ratePerS: z.number(),
});
export type CalibrationPlace = z.infer<typeof placeSchema>;

/** No-op baseline and highest sustained rate of patterns on this machine, against a service that does nothing. */
export const calibrationSchema = recordSchema('calibrate', designSchema, placeSchema.shape);
export type CalibrationRecord = ExperimentRecord<CalibrationDesign, CalibrationPlace>;
export type CalibrationTrial = CalibrationRecord['trials'][number];
