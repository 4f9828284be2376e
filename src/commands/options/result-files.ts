import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CommbenchError, systemCode, unreadableText } from '../../kernel/errors.ts';
import { MAX_RESULT_BYTES } from '../../record/store.ts';
import type { CarriedFile } from '../../report/reporter.ts';

/** Default folder for results. */
export const RESULTS_FOLDER = 'results';

/** `20261102T100000`, for names of files. */
export function timeStamp(): string {
  return new Date().toISOString().replaceAll(/[-:]|\.\d+Z$/g, '');
}

/** `results/a.html` for `results/a.json`: a page stands beside its result. */
export function pageBeside(resultFile: string): string {
  return `${resultFile.replace(/\.json$/, '')}.html`;
}

/** Larger files are not carried: the page would become too large. */
const MOST_CARRIED_BYTES = 8e6;

/** The result files as a page carries them along, each once. @param places `FILE`, or `FILE#a` */
export function carriedFiles(places: readonly string[]): CarriedFile[] {
  const files = [...new Set(places.map((place) => place.replace(/#[\w-]+$/, '')))];
  return files.flatMap((file) => {
    const isSmall = (statSync(file, { throwIfNoEntry: false })?.size ?? Infinity) <= MOST_CARRIED_BYTES;
    return isSmall ? [{ name: path.basename(file), text: readFileSync(file, 'utf8') }] : [];
  });
}

/** Older results are read only where newer ones lack something. */
const NEWEST_OF_EACH = 5;

/**
 * The newest results of each scenario in a folder; other files are ignored. Empty if there is no such folder.
 * @throws CommbenchError bad-result-file
 */
export function newestResultsIn(folder: string): string[] {
  const heads = namesIn(folder).flatMap((name) => headOf(path.join(folder, name), 'run'));
  return Object.values(Object.groupBy(heads, ({ scenario }) => scenario)).flatMap((some = []) =>
    some
      .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
      .slice(0, NEWEST_OF_EACH)
      .map(({ file }) => file),
  );
}

/**
 * Every result of this experiment in a folder, the oldest first; other files are ignored.
 * @throws CommbenchError bad-result-file
 */
export function resultsIn(folder: string, wanted: string): string[] {
  const heads = namesIn(folder).flatMap((name) => headOf(path.join(folder, name), wanted));
  return heads.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt, 'en')).map(({ file }) => file);
}

function namesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && /^[^.].*\.json$/.test(entry.name))
      .map(({ name }) => name);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw new CommbenchError('bad-result-file', unreadableText(folder, error));
  }
}

/**
 * The fields by which results are chosen. They are validated later, by the reader of the chosen ones, which also
 * reports files that cannot be read.
 */
function headOf(file: string, wanted: string): { file: string; scenario: string; startedAt: string }[] {
  try {
    if (statSync(file).size > MAX_RESULT_BYTES) return [{ file, scenario: file, startedAt: '' }];
    const text = readFileSync(file, 'utf8');
    if (!text.slice(0, 200).includes('"commbench-result"')) return [];
    const { scenario, startedAt, experiment } = JSON.parse(text) as {
      scenario?: { name?: unknown };
      startedAt?: unknown;
      experiment?: unknown;
    };
    if (experiment !== undefined && experiment !== wanted) return [];
    return [{ file, scenario: String(scenario?.name), startedAt: String(startedAt) }];
  } catch {
    return [{ file, scenario: file, startedAt: '' }];
  }
}
