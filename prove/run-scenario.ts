import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Result, resultSchema } from '../src/record/record.ts';
import { runCli } from './run-cli.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/**
 * `commbench run` of a checkout on a scenario's text. Its file and its result stay in `results/FOLDER`, for
 * `commbench report`.
 * @returns undefined: it ended without a result, which its own words on standard error explain
 */
export async function runScenario(
  checkout: string,
  folder: string,
  { name, text, seed }: { readonly name: string; readonly text: string; readonly seed: number },
): Promise<Result | undefined> {
  const home = path.join(ROOT, 'results', folder);
  mkdirSync(home, { recursive: true });
  const [file, out] = [path.join(home, `${name}.yaml`), path.join(home, `${name}.json`)];
  writeFileSync(file, text);
  rmSync(out, { force: true });
  await runCli(checkout, ['run', file, '--seed', String(seed), '--out', out, '--quiet']);
  try {
    return resultSchema.parse(JSON.parse(readFileSync(out, 'utf8')));
  } catch (error) {
    console.error(`${name} has no result: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
