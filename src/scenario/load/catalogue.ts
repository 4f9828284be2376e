import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommbenchError } from '../../kernel/errors.ts';
import { guess } from './guess.ts';

/** The shipped scenarios: beside src in a checkout, beside dist in the package. */
const SCENARIOS = fileURLToPath(new URL('../../../scenarios/', import.meta.url));

/** Run by their paths, and starting points for `init --template`: they have no names of their own. */
const UNNAMED = ['examples', 'templates'];
/** What `init --template` copies. */
export const TEMPLATES = path.join(SCENARIOS, 'templates');

/** Names of the shipped scenarios, sorted. */
export async function scenarioNames(): Promise<string[]> {
  return [...(await shippedFiles()).keys()].toSorted();
}

/** Files of the shipped scenarios by their names, in whatever folder. */
async function shippedFiles(): Promise<ReadonlyMap<string, string>> {
  const files = await readdir(SCENARIOS, { recursive: true });
  const shipped = files.filter(
    (file) => file.endsWith('.yaml') && !UNNAMED.includes(file.split(path.sep)[0]!),
  );
  return new Map(shipped.map((file) => [path.basename(file, '.yaml'), path.join(SCENARIOS, file)]));
}

/** The file of a shipped scenario's name, or the given file. */
export async function scenarioPath(nameOrPath: string): Promise<string> {
  if (looksLikeFile(nameOrPath) || (await isFile(nameOrPath))) return nameOrPath;
  const files = await shippedFiles();
  const names = [...files.keys()].toSorted();
  const file = files.get(nameOrPath);
  if (file !== undefined) return file;
  throw new CommbenchError(
    'bad-scenario',
    `Scenario ${nameOrPath} not found: neither a file nor one of ${names.join(', ')}${guess(nameOrPath, names)}`,
    { hint: '`commbench list` prints the shipped scenarios.' },
  );
}

function looksLikeFile(text: string): boolean {
  return /[\\/]|\.ya?ml$/.test(text);
}

async function isFile(text: string): Promise<boolean> {
  return (await stat(text).catch(() => undefined))?.isFile() ?? false;
}
