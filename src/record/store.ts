import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { CommbenchError, systemCode } from '../kernel/errors.ts';
import type { Series } from '../measure/figures/figures.ts';
import { isWhole } from '../measure/figures/histogram.ts';
import { type Calibration, CALIBRATION_VERSION, calibrationSchema } from './calibration-record.ts';
import { type Crossover, CROSSOVER_VERSION, crossoverSchema } from './crossover-record.ts';
import { RESULT_VERSION, resultSchema, type Result } from './record.ts';
import { type Sweep, SWEEP_VERSION, sweepSchema } from './sweep-record.ts';

/** A run of the longest kind is some 10 MB. */
const MAX_RESULT_BYTES = 256 * 1024 * 1024;
/** What a file may hold. */
export type Stored = Result | Crossover | Sweep | Calibration;

/** What is known of each: one line here, and `Stored` above. */
const FORMATS: Readonly<Record<Stored['format'], Format>> = {
  'commbench-result': { newest: RESULT_VERSION, schema: resultSchema, what: 'the result of a run' },
  'commbench-crossover': {
    newest: CROSSOVER_VERSION,
    schema: crossoverSchema,
    what: 'a search for a crossover point',
  },
  'commbench-sweep': { newest: SWEEP_VERSION, schema: sweepSchema, what: 'a sweep' },
  'commbench-calibration': { newest: CALIBRATION_VERSION, schema: calibrationSchema, what: 'a calibration' },
};

interface Format {
  readonly newest: number;
  readonly schema: z.ZodType<Stored>;
  readonly what: string;
}

const WHERE = 'Results are written by `commbench run`, by default to results/.';
const NO_SPACE = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/**
 * Puts the record in the place of the earlier one: written beside it, flushed, renamed. Whoever reads
 * the path sees a whole file, whatever dies and when.
 * @throws CommbenchError disk-full, cannot-write; then the earlier file is untouched
 */
export function writeResult(file: string, result: object): void {
  const temporary = temporaryBeside(file);
  try {
    const fd = openSync(temporary, 'w', 0o644);
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
 * @throws CommbenchError cannot-write, disk-full; bad-option where the place is taken by another kind of file
 */
export function prepareResultFile(file: string): void {
  try {
    makeFolder(path.dirname(file));
    const temporary = temporaryBeside(file);
    closeSync(openSync(temporary, 'w'));
    rmSync(temporary);
  } catch (error) {
    throw writeError(file, error);
  }
  refuseToReplace(file);
}

/** With those above it. Node's own `recursive` never ends where a file system says that there is no such place, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}

/** Another run's result may be replaced; anything else was probably a slip of the hand. */
function refuseToReplace(file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat || (stat.isFile() && stat.size === 0)) return;
  const isResult = stat.isFile() && stat.size <= MAX_RESULT_BYTES && isOurs(readFileSync(file, 'utf8'));
  if (!isResult) {
    throw new CommbenchError(
      'bad-option',
      `Expected --out to name a new file or an earlier result, found ${file} with other content`,
      {
        hint: 'Choose another path, or remove that file.',
      },
    );
  }
}

function isOurs(text: string): boolean {
  return text.startsWith('{') && /"commbench-[a-z]+"/.test(text.slice(0, 200));
}

/**
 * Reads and validates the result of a run.
 * @throws CommbenchError bad-result-file: not there, not ours, newer than this program, or damaged
 */
export function readResult(file: string): Result {
  const stored = readStored(file);
  if (stored.format === 'commbench-result') return stored;
  throw badFile(
    `Expected ${file} to be the result of a run, found ${FORMATS[stored.format].what}`,
    '`commbench report` prints it.',
  );
}

/** The same of whatever a file of ours may hold. @throws CommbenchError bad-result-file */
export function readStored(file: string): Stored {
  const value = parseJson(file, readText(file));
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  const known = isKnown(format) ? FORMATS[format] : undefined;
  if (!known) {
    throw badFile(`Expected ${file} to be a commbench result, found other content`, WHERE);
  }
  if (typeof version === 'number' && version > known.newest) {
    throw badFile(
      `Expected ${file} to have format version ${known.newest} or older, found ${version}`,
      'A newer commbench wrote it: update this one.',
    );
  }
  const parsed = known.schema.safeParse(value);
  const problems = parsed.success ? damagedSeries(parsed.data) : problemsOf(parsed.error);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw badFile(
    `Expected ${file} to be a whole result, found it damaged:\n${firstOf(problems)}`,
    'It was changed after it was written, or written by a commbench between two releases: run its scenario again.',
  );
}

function isKnown(format: unknown): format is Stored['format'] {
  return typeof format === 'string' && Object.hasOwn(FORMATS, format);
}

function readText(file: string): string {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) throw badFile(`Expected ${file} to be a file, found something else`);
    if (stat.size > MAX_RESULT_BYTES) {
      throw badFile(`Expected ${file} to be at most ${MAX_RESULT_BYTES} bytes, found ${stat.size}`);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof CommbenchError) throw error;
    throw badFile(`Expected ${file} to be readable, found ${systemCode(error) ?? String(error)}`, WHERE);
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badFile(
      `Expected ${file} to be a commbench result, found no whole JSON`,
      'It may have been cut off by a copy.',
    );
  }
}

function problemsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
}

/** Every histogram is opened once, here, wherever it stands: a report of a damaged one would be a wrong report. */
function damagedSeries(value: unknown, place: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!isSeries(value)) {
    return Object.entries(value).flatMap(([name, inner]) => damagedSeries(inner, [...place, name]));
  }
  if (isWhole(value)) return [];
  return [`  ${place.join('.')}: Expected a histogram of ${value.count} samples, found another`];
}

/** Of what a schema has found to be in order, so that the name tells it. */
function isSeries(value: object): value is Series {
  return 'histogram' in value;
}

function firstOf(lines: readonly string[]): string {
  const more = lines.length > 5 ? [`  ... and ${lines.length - 5} more`] : [];
  return [...lines.slice(0, 5), ...more].join('\n');
}

function badFile(message: string, hint?: string): CommbenchError {
  return new CommbenchError('bad-result-file', message, hint === undefined ? {} : { hint });
}

function writeError(file: string, error: unknown): CommbenchError {
  const code = systemCode(error) ?? String(error);
  if (!NO_SPACE.includes(code)) {
    return new CommbenchError('cannot-write', `Expected to write ${file}, found ${code}`, {
      hint: 'Choose a place with --out FILE.',
      cause: error,
    });
  }
  return new CommbenchError('disk-full', `Expected room to write ${file}, found ${code}`, {
    hint: 'What that file held before is intact: the trials finished until then. Free some space, or choose another disk with --out FILE.',
    cause: error,
  });
}

function temporaryBeside(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
}

/** Makes the rename itself survive a power cut; some file systems can't, and the file is whole all the same. */
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
