import { type Result, resultSchema } from '../../record/record.ts';
import { viewOf } from '../../report/view-of.ts';
import type { RecordKind } from '../definition.ts';

export const runKind: RecordKind<Result> = {
  schema: resultSchema,
  view: viewOf,
  resultOf: (result) => result,
};
