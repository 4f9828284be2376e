import { z } from 'zod';
import { PAIRED_KINDS } from '../../plan/paired-scenario.ts';
import { type ExperimentRecord, recordSchema } from '../../record/record.ts';

const designSchema = z.strictObject({
  /** Path of the setting in the scenario: `policies.breaker.0.openMs`. */
  path: z.string(),
  /** Ascending. */
  values: z.array(z.number()),
  /** Id of the variant that every trial has; null: the scenario itself. */
  variant: z.string().nullable(),
  /** The kind of every trial: with the scenario's faults, or without. */
  kind: z.enum(PAIRED_KINDS),
  rounds: z.number().int(),
});
export type VaryDesign = z.infer<typeof designSchema>;

const placeSchema = z.strictObject({ value: z.number() });
export type VaryPlace = z.infer<typeof placeSchema>;

/** One setting of a scenario over several values. The header's scenario has the first of them. */
export const varySchema = recordSchema('vary', designSchema, placeSchema.shape);
export type VaryRecord = ExperimentRecord<VaryDesign, VaryPlace>;
