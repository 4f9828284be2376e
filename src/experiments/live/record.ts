import { type ExperimentRecord, recordSchema, type RunDesign, runDesignSchema } from '../../record/record.ts';
import { viewOf } from '../../report/view-of.ts';
import type { RecordKind } from '../definition.ts';

/** A run of one trial with the faults of a session; its scenario does the same again. */
export type LiveRecord = ExperimentRecord<RunDesign>;

export const liveKind: RecordKind<LiveRecord> = {
  schema: recordSchema('live', runDesignSchema, {}),
  view: viewOf,
};
