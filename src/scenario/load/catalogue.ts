import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommbenchError } from '../../kernel/errors.ts';
import { guess } from './guess.ts';

/** The shipped scenarios: beside src in a checkout, beside dist in the package. */
const SCENARIOS = fileURLToPath(new URL('../../../scenarios/', import.meta.url));

/** Names of the shipped scenarios, sorted. */
export async function scenarioNames(): Promise<string[]> {
  const files = await readdir(SCENARIOS);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => path.basename(file, '.yaml'))
    .toSorted();
}

/** The file of a shipped scenario's name, or the given file. */
export async function scenarioPath(nameOrPath: string): Promise<string> {
  if (looksLikeFile(nameOrPath) || (await isFile(nameOrPath))) return nameOrPath;
  const names = await scenarioNames();
  if (names.includes(nameOrPath)) return path.join(SCENARIOS, `${nameOrPath}.yaml`);
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
