import { z } from 'zod';
import { type ExperimentRecord, recordSchema } from '../../record/record.ts';

/** response: the response time; completion: when the work is done. */
const figureSchema = z.enum(['response', 'completion']);
export type SweepFigure = z.infer<typeof figureSchema>;

/** A limit for points: `response p99 < 50ms`. */
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

const designSchema = z.strictObject({
  /** Ascending, per second. */
  rates: z.array(z.number()),
  rounds: z.number().int(),
  /** The percentile shown beside the median, which decides the knee. */
  quantile: z.number(),
  objective: objectiveSchema.nullable(),
});
export type SweepDesign = z.infer<typeof designSchema>;

const placeSchema = z.strictObject({ ratePerS: z.number() });
export type SweepPlace = z.infer<typeof placeSchema>;

/** Latency against load of several patterns; load, length and warm-up of the scenario are the sweep's. */
export const sweepSchema = recordSchema('sweep', designSchema, placeSchema.shape);
export type Sweep = ExperimentRecord<SweepDesign, SweepPlace>;
export type SweepTrial = Sweep['trials'][number];
