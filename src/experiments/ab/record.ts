import { z } from 'zod';
import {
  type ExperimentRecord,
  patternRecordSchema,
  recordSchema,
  runDesignSchema,
} from '../../record/record.ts';
import { PAIRED_KINDS } from '../../plan/paired-scenario.ts';
import { scenarioSchema } from '../../scenario/schema/schema.ts';

/** pairs: one after the other, each with processes of its own. switchback: both alive, the load alternating. */
export const MODES = ['pairs', 'switchback'] as const;
export const ARM_IDS = ['a', 'b'] as const;
export type ArmId = (typeof ARM_IDS)[number];

const armSchema = z.strictObject({
  /** The change as the user wrote it: `client=kafkajs`. */
  title: z.string(),
  scenario: scenarioSchema,
  patterns: z.array(patternRecordSchema),
  calibration: runDesignSchema.shape.calibration,
});

const designSchema = z.strictObject({
  /** Unique to this comparison. */
  id: z.string(),
  mode: z.enum(MODES),
  /** The kind of trial that is compared. */
  kind: z.enum(PAIRED_KINDS).default('latency'),
  /** A difference within this share counts as none. */
  margin: z.number(),
  mostPairs: z.number().int(),
  budgetMs: z.number(),
  arms: z.strictObject({ a: armSchema, b: armSchema }),
});
export type AbDesign = z.infer<typeof designSchema>;

/** Trials of a pair have the same round. */
const placeSchema = z.strictObject({ arm: z.enum(ARM_IDS) });
export type ArmPlace = z.infer<typeof placeSchema>;

/** Two arms, measured in pairs. Scenario and patterns of the header are the baseline's. */
export const abSchema = recordSchema('ab', designSchema, placeSchema.shape);
export type AbRecord = ExperimentRecord<AbDesign, ArmPlace>;
