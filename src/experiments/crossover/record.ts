import { z } from 'zod';
import { type ExperimentRecord, recordSchema } from '../../record/record.ts';

export const QUESTIONS = ['payload', 'rate', 'outage'] as const;
export type Question = (typeof QUESTIONS)[number];
/** completion: when the work is done; response: the response time. */
export const FIGURES = ['completion', 'response'] as const;
export type Figure = (typeof FIGURES)[number];

const designSchema = z.strictObject({
  question: z.enum(QUESTIONS),
  /** The axis: bytes, calls per second, or ms; the interval's ends to be within this factor. */
  range: z.strictObject({ from: z.number(), to: z.number(), within: z.number() }),
  figure: z.enum(FIGURES),
  /** How the service is taken away in an outage; null for the other questions. */
  do: z.enum(['kill', 'freeze']).nullable(),
  /** Arrivals per second; null where that is the axis. */
  ratePerS: z.number().nullable(),
  budgetMs: z.number(),
  rule: z.strictObject({ looks: z.array(z.number().int()), margin: z.number(), leastDeviation: z.number() }),
});
export type CrossoverDesign = z.infer<typeof designSchema>;

/** Trials of a pair have the same round. `at` is their place on the axis; null: a trial that only measures the closed loop. */
const placeSchema = z.strictObject({ at: z.number().nullable() });
export type CrossoverPlace = z.infer<typeof placeSchema>;

/** A search for the crossover point of two patterns, in the order in which they were named. */
export const crossoverSchema = recordSchema('crossover', designSchema, placeSchema.shape);
export type CrossoverRecord = ExperimentRecord<CrossoverDesign, CrossoverPlace>;
export type CrossoverTrial = CrossoverRecord['trials'][number];
