import { CommbenchError } from '../kernel/errors.ts';
import type { Result } from '../record/record.ts';
import { notOfRun, readStored, type StoredRecord, validRecord } from '../record/store.ts';
import type { RecordKind } from './definition.ts';
import { experimentNames, loadExperiment } from './discover.ts';

export interface ReadRecord {
  readonly record: object;
  readonly kind: RecordKind;
}

/**
 * Reads and validates the record of any experiment.
 * @throws CommbenchError bad-result-file: not there, not ours, of another version, or damaged
 */
export async function readRecord(file: string): Promise<ReadRecord> {
  return validated(readStored(file));
}

/** A file, or one of several results in it: `FILE#a`. */
export function splitPlace(place: string): { readonly file: string; readonly part: string | undefined } {
  const [, file = place, part] = /^(.+)#([\w-]+)$/.exec(place) ?? [];
  return { file, part };
}

/**
 * Reads the result of a run, or one arm of an A/B comparison by `FILE#a`.
 * @throws CommbenchError bad-result-file
 */
export async function readRun(place: string): Promise<Result> {
  const { file, part } = splitPlace(place);
  const stored = readStored(file);
  const { record, kind } = await validated(stored);
  const parts: Readonly<Record<string, Result>> = kind.parts?.(record) ?? {};
  if (part !== undefined && Object.hasOwn(parts, part)) return parts[part]!;
  if (part === undefined && stored.experiment === 'run') return record as Result;
  throw notOfRun(
    stored,
    Object.keys(parts).map((name) => `${file}#${name}`),
  );
}

async function validated(stored: StoredRecord): Promise<ReadRecord> {
  const { file, experiment } = stored;
  const definition = experimentNames().includes(experiment) ? await loadExperiment(experiment) : undefined;
  const kind = await definition?.record?.();
  if (kind) return { record: validRecord(stored, kind.schema), kind };
  throw new CommbenchError(
    'bad-result-file',
    `${file} is of an experiment that this version of commbench does not have: ${experiment}`,
  );
}
