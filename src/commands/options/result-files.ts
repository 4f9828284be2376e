import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CommbenchError, systemCode } from '../../kernel/errors.ts';

/** Where `run` puts results unless it is told otherwise. */
export const RESULTS_FOLDER = 'results';

/** Older ones are looked at only where newer ones lack something. */
const NEWEST_OF_EACH = 5;

/**
 * Of each scenario the newest results that lie there; other files are passed over. Empty where there is no such folder.
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
 * Every result of this experiment that lies in a folder, the oldest first; other files are passed over.
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
    throw new CommbenchError(
      'bad-result-file',
      `Expected ${folder} to be a folder that can be read, found ${systemCode(error) ?? String(error)}`,
    );
  }
}

/**
 * What it takes to choose. Nothing is validated here; who reads the chosen ones does, and says what is wrong: also with
 * what can't be read at all.
 */
function headOf(file: string, wanted: string): { file: string; scenario: string; startedAt: string }[] {
  try {
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
