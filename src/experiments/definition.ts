import type { z } from 'zod';
import type { CommandDefinition } from '../commands/terminal/command-definition.ts';
import type { Result } from '../record/record.ts';
import type { Report } from '../report/report.ts';

/** Schema and views of an experiment's records. */
export interface RecordKind<R extends object = object> {
  readonly schema: z.ZodType<R>;
  /** The report of a record. */
  view(record: R, file: string | null): Report;
  /** Parts of the record that are results of runs, by the name after the file's: `FILE#a`. */
  parts?(record: R): Readonly<Record<string, Result>>;
  /** The record as the result of a run; absent: it is of another experiment. */
  resultOf?(record: R): Result;
}

/** An experiment: what the index of its folder exports as `definition`. Loads nothing by itself. */
export interface ExperimentDefinition {
  readonly commands: readonly CommandDefinition[];
  /** Absent where nothing is recorded. */
  record?(): Promise<RecordKind>;
}
