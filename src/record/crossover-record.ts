import { z } from 'zod';
import { patternRecordSchema, resultSchema, trialSchema } from './record.ts';

export const CROSSOVER_VERSION = 1;
export const QUESTIONS = ['payload', 'rate', 'outage'] as const;
export type Question = (typeof QUESTIONS)[number];
/** completion: when the work is done; response: the response time. */
export const CROSSOVER_FIGURES = ['completion', 'response'] as const;
export type CrossoverFigure = (typeof CROSSOVER_FIGURES)[number];

const side = z.enum(['first', 'second', 'alike']);

/** What one trial of a pair said. */
const trialFigureSchema = z.strictObject({
  validity: trialSchema.shape.validity.shape.verdict,
  load: trialSchema.shape.load.shape.verdict,
  /** Why it does not count, in words; null where it does. */
  why: z.string().nullable(),
  /** p50 of the figure that is compared; of an outage: completion of the work intended in it, done at last. */
  p50Us: z.number().nullable(),
  outage: z
    .strictObject({
      intended: z.number().int(),
      finallyDone: z.number().int(),
      /** From the service's end to its being ready again. */
      observedMs: z.number(),
    })
    .nullable(),
});
export type TrialFigure = z.infer<typeof trialFigureSchema>;

const sampleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('value'), value: z.number() }),
  z.strictObject({ kind: z.literal('discarded'), why: z.string() }),
]);

const pairSchema = z.strictObject({
  /** Of both trials: the same arrivals. */
  seed: z.number().int(),
  /** Ids of the rows as they ran. */
  order: z.tuple([z.string(), z.string()]),
  first: trialFigureSchema,
  second: trialFigureSchema,
  /** Above zero where the second row was better: ln(first / second) of the medians, or the difference of the shares done. */
  sample: sampleSchema,
});
export type Pair = z.infer<typeof pairSchema>;

const pointSchema = z.strictObject({
  at: z.number(),
  pairs: z.array(pairSchema),
  /** Null: the run ended in its midst. */
  verdict: z
    .discriminatedUnion('state', [
      z.strictObject({ state: z.literal('decided'), side }),
      z.strictObject({ state: z.literal('unclear') }),
      z.strictObject({ state: z.literal('unmeasured') }),
      z.strictObject({ state: z.literal('stopped') }),
    ])
    .nullable(),
});
export type Point = z.infer<typeof pointSchema>;

const findingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('crossovers'),
    crossovers: z
      .array(z.strictObject({ below: side, above: side, low: z.number(), high: z.number() }).readonly())
      .readonly(),
  }),
  z.strictObject({ kind: z.literal('none'), side }),
  z.strictObject({ kind: z.literal('inconclusive') }),
]);

/** A search for the border between two rows, with everything that was measured for it. */
export const crossoverSchema = z.strictObject({
  format: z.literal('commbench-crossover'),
  version: z.literal(CROSSOVER_VERSION),
  commbench: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  state: z.enum(['running', 'complete', 'interrupted']),
  question: z.enum(QUESTIONS),
  /** The axis: bytes, calls per second, or ms; the interval's ends to be within this factor. */
  range: z.strictObject({ from: z.number(), to: z.number(), within: z.number() }),
  figure: z.enum(CROSSOVER_FIGURES),
  /** Of an outage: how the service was taken away; null for the other questions. */
  do: z.enum(['kill', 'freeze']).nullable(),
  scenario: z.string(),
  /** Arrivals per second; null where that is the axis. */
  ratePerS: z.number().nullable(),
  deadlineMs: z.number(),
  budgetMs: z.number(),
  seed: z.number().int(),
  rule: z.strictObject({ looks: z.array(z.number().int()), margin: z.number(), leastDeviation: z.number() }),
  /** Of each row, per second, from the closed loop; null: not asked, or unknown. */
  capacities: z.tuple([z.number().nullable(), z.number().nullable()]),
  patterns: z.tuple([patternRecordSchema, patternRecordSchema]),
  environment: resultSchema.shape.environment,
  brokers: resultSchema.shape.brokers,
  /** In the order in which they were looked at. */
  points: z.array(pointSchema),
  /** What follows of the points. */
  finding: findingSchema,
});
export type Crossover = z.infer<typeof crossoverSchema>;
