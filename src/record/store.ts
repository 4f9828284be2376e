import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { cutText } from '../kernel/foreign/cut-text.ts';
import { CommbenchError, isNoSpace, systemCode, unreadableText, unwritableText } from '../kernel/errors.ts';
import { MOST_NESTING, nestingProblem } from '../kernel/foreign/nesting.ts';
import type { Series } from '../measure/figures/figures.ts';
import { bucketCount } from '../measure/figures/histogram.ts';
import { beginningOfFile } from '../platform/beginning-of-file.ts';
import { makeFolder } from '../platform/make-folder.ts';
import { type ExperimentRecord, RECORD_VERSION, resultSchema, type Result } from './record.ts';
import { unsoundIn } from './sound.ts';

/** A run of the longest kind has about 10 MB. */
export const MAX_RESULT_BYTES = 64 * 1024 * 1024;
/** Filled buckets of all histograms, unpacked: some hundred in each of some thousand. */
const MAX_BUCKETS = 10_000_000;
/** An empty histogram takes time as well. */
const BUCKETS_OF_ANY = 500;
/** Results of one second. */
const MOST_TAKEN = 100;
const FORMAT = 'commbench-result';
/** Retired formats of version 1. */
const OLD_FORMATS: readonly unknown[] = ['commbench-crossover', 'commbench-sweep', 'commbench-calibration'];
const FORMATS_OF_RESULTS = [FORMAT, ...OLD_FORMATS];

/** A path in the file, and what was expected there. */
const LONGEST_LINE = 500;
const WHERE = 'Results are written by `commbench run`, by default to results/.';

/**
 * Replaces the earlier record: written beside it, flushed, renamed. A reader of the path always gets a whole file, even
 * after a crash.
 * @throws CommbenchError disk-full, cannot-write; then the earlier file is untouched
 */
export function writeResult(file: string, result: object): void {
  const temporary = temporaryBeside(file);
  try {
    const fd = openSync(temporary, 'w', 0o600);
    try {
      writeFileSync(fd, `${JSON.stringify(result)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, file);
    flushFolder(path.dirname(file));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw writeError(file, error);
  }
}

/**
 * Makes the folder and proves that a result can be written there, before anything is started.
 * @throws CommbenchError cannot-write, disk-full; bad-option where the path is another kind of file
 */
export function prepareResultFile(file: string): void {
  proveWritable(file);
  refuseToReplace(file);
}

/**
 * Makes the folder and proves that a report can be written there; a report never replaces a result.
 * @throws CommbenchError cannot-write, disk-full, bad-option
 */
export function prepareReportFile(file: string): void {
  proveWritable(file);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat || (stat.isFile() && !holdsOurs(file, stat.size, FORMATS_OF_RESULTS))) return;
  throw new CommbenchError(
    'bad-option',
    `${file} is ${stat.isFile() ? 'a result, which a report would overwrite' : 'no file'}`,
    {
      hint: 'Choose another path for the report.',
    },
  );
}

function proveWritable(file: string): void {
  try {
    makeFolder(path.dirname(file));
    const temporary = temporaryBeside(file);
    closeSync(openSync(temporary, 'w', 0o600));
    rmSync(temporary);
  } catch (error) {
    throw writeError(file, error);
  }
}

/**
 * Takes a name of its own for a result, as runs that begin in the same second would take one name. Disposing gives it
 * back where nothing was written.
 * @throws CommbenchError cannot-write, disk-full
 */
export function takeResultFile(folder: string, name: string): { readonly file: string } & Disposable {
  for (let taken = 1; ; taken++) {
    const file = path.join(folder, `${name}${taken === 1 ? '' : `-${taken}`}.json`);
    try {
      makeFolder(folder);
      closeSync(openSync(file, 'wx', 0o600));
      return { file, [Symbol.dispose]: () => removeEmpty(file) };
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' || taken === MOST_TAKEN) throw writeError(file, error);
    }
  }
}

function removeEmpty(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.size === 0) rmSync(file, { force: true });
}

/** Refuses to replace anything but a result, as that is probably a typing error. */
function refuseToReplace(file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat || (stat.isFile() && stat.size === 0)) return;
  if (!(stat.isFile() && holdsOurs(file, stat.size))) {
    throw new CommbenchError('bad-option', `--out ${file} exists and is not a commbench result`, {
      hint: 'Choose another path, or remove that file.',
    });
  }
}

/** @param formats absent: any of ours */
function holdsOurs(file: string, bytes: number, formats?: readonly unknown[]): boolean {
  if (bytes > MAX_RESULT_BYTES) return false;
  const head = beginningOfFile(file);
  const [, format] = (head.startsWith('{') && /"(commbench-[a-z]+)"/.exec(head)) || [];
  return format !== undefined && (formats?.includes(format) ?? true);
}

/** A stored record of an experiment that may be unknown here. */
export interface StoredRecord {
  readonly file: string;
  readonly experiment: string;
  readonly value: unknown;
}

/**
 * Reads a file and the name of its experiment.
 * @throws CommbenchError bad-result-file: file not found, not ours, or of another version
 */
export function readStored(file: string): StoredRecord {
  const value = parseJson(file, readText(file));
  const { format, version, experiment } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (OLD_FORMATS.includes(format) || (format === FORMAT && isOther(version)))
    throw otherVersion(file, version);
  if (format === FORMAT && typeof experiment === 'string') return { file, experiment, value };
  throw badFile(`${file} is not a commbench result`, WHERE);
}

function isOther(version: unknown): boolean {
  return typeof version === 'number' && version !== RECORD_VERSION;
}

function otherVersion(file: string, version: unknown): CommbenchError {
  const message = `${file} has format version ${String(version)}, expected ${RECORD_VERSION}`;
  const isNewer = typeof version === 'number' && version > RECORD_VERSION;
  return badFile(
    message,
    isNewer
      ? 'A newer commbench wrote it: update this one.'
      : `commbench now writes version ${RECORD_VERSION}: run the scenario again.`,
  );
}

/**
 * Validates a record by the schema of its experiment.
 * @throws CommbenchError bad-result-file: damaged
 */
export function validRecord<R>({ file, value }: StoredRecord, schema: z.ZodType<R>): R {
  const parsed = schema.safeParse(value);
  const problems = parsed.success ? problemsIn(parsed.data) : problemsOf(parsed.error);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw badFile(
    `${file} is damaged:\n${firstOf(problems)}`,
    'It was changed after it was written, or written by an unreleased commbench: run its scenario again.',
  );
}

/** Of a record whose fields are valid by themselves. */
function problemsIn(record: unknown): string[] {
  // Every schema of a record begins with the header's fields.
  const unsound = unsoundIn(record as ExperimentRecord).map((text) => `  ${text}`);
  return unsound.length > 0 ? unsound : damagedSeries(record);
}

/**
 * Reads and validates the result of a run.
 * @throws CommbenchError bad-result-file: also where it is the record of another experiment
 */
export function readResult(file: string): Result {
  const stored = readStored(file);
  if (stored.experiment === 'run') return validRecord(stored, resultSchema);
  throw notOfRun(stored);
}

/** @param parts names of the parts of the file that are results of runs */
export function notOfRun({ file, experiment }: StoredRecord, parts: readonly string[] = []): CommbenchError {
  return badFile(
    `${file} is a result of \`commbench ${experiment}\`, not of a run`,
    parts.length > 0 ? `Name one of its parts: ${parts.join(' or ')}.` : '`commbench report` prints it.',
  );
}

function readText(file: string): string {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) throw badFile(`${file} is not a regular file`);
    if (stat.size > MAX_RESULT_BYTES) {
      throw badFile(`${file} has ${stat.size} bytes; a result has at most ${MAX_RESULT_BYTES}`);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof CommbenchError) throw error;
    throw badFile(unreadableText(file, error), WHERE);
  }
}

function parseJson(file: string, text: string): unknown {
  const value = jsonOf(file, text);
  // JSON alone: it is never circular.
  if (nestingProblem(value)) {
    throw badFile(`${file} is not a commbench result: nested deeper than ${MOST_NESTING} levels`, WHERE);
  }
  return value;
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (/\.ya?ml$/i.test(file)) {
      throw badFile(`${file} is a scenario, not a result`, `\`commbench run ${file}\` measures it.`);
    }
    const isCut = text.trimStart().startsWith('{');
    throw badFile(
      `${file} is not a commbench result: invalid JSON`,
      isCut ? 'It may have been cut off by a copy.' : WHERE,
    );
  }
}

function problemsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
}

/** Decodes every histogram once, wherever it is in the record: a damaged one would give a wrong report. */
function damagedSeries(value: unknown): string[] {
  const problems: string[] = [];
  let buckets = 0;
  for (const { series, place } of seriesIn(value)) {
    const own = bucketCount(series);
    if (own === undefined)
      problems.push(`  ${place}: Expected a histogram of ${series.count} samples, found another`);
    buckets += BUCKETS_OF_ANY + (own ?? 0);
    if (buckets > MAX_BUCKETS)
      return [`  ${place}: Expected at most ${MAX_BUCKETS} buckets of histograms until here`];
  }
  return problems;
}

function* seriesIn(
  value: unknown,
  place: readonly string[] = [],
): Generator<{ series: Series; place: string }> {
  if (typeof value !== 'object' || value === null) return;
  if (isSeries(value)) return yield { series: value, place: place.join('.') };
  for (const [name, inner] of Object.entries(value)) yield* seriesIn(inner, [...place, name]);
}

/** The name suffices, as the schema has validated the value. */
function isSeries(value: object): value is Series {
  return 'histogram' in value;
}

function firstOf(lines: readonly string[]): string {
  const more = lines.length > 5 ? [`  ... and ${lines.length - 5} more`] : [];
  return [...lines.slice(0, 5).map((line) => cutText(line, LONGEST_LINE)), ...more].join('\n');
}

function badFile(message: string, hint?: string): CommbenchError {
  return new CommbenchError('bad-result-file', message, hint === undefined ? {} : { hint });
}

function writeError(file: string, error: unknown): CommbenchError {
  const code = systemCode(error) ?? String(error);
  if (!isNoSpace(code)) {
    return new CommbenchError('cannot-write', unwritableText(file, error), {
      hint: 'Choose another file with --out FILE.',
      cause: error,
    });
  }
  return new CommbenchError('disk-full', `No space left to write ${file} (${code})`, {
    hint: 'The file still holds the trials saved before. Free some space, or choose another disk with --out FILE.',
    cause: error,
  });
}

function temporaryBeside(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
}

/** Makes the rename itself survive a power cut. Some file systems cannot; the file is whole all the same. */
function flushFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM'].includes(systemCode(error) ?? '')) throw error;
  } finally {
    closeSync(fd);
  }
}
