import type { z } from 'zod';
import type { CommandDefinition } from '../commands/terminal/command-definition.ts';
import type { Result } from '../record/record.ts';
import type { Report } from '../report/report.ts';

/** How records of an experiment are read and shown. */
export interface RecordKind<R extends object = object> {
  readonly schema: z.ZodType<R>;
  /** Everything that is said of a record. */
  view(record: R, file: string): Report;
  /** Results of runs that are parts of it, each by its name behind the file's: `FILE#a`. */
  parts?(record: R): Readonly<Record<string, Result>>;
}

/** An experiment: what the index of its folder exports as `definition`. Loads nothing by itself. */
export interface ExperimentDefinition {
  readonly commands: readonly CommandDefinition[];
  /** Absent where nothing is recorded. */
  record?(): Promise<RecordKind>;
}
