import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Result, resultSchema } from '../src/results/record.ts';
import { CommbenchError } from '../src/kernel/errors.ts';
import { plainEnv } from './plain-env.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** A terminal's Ctrl-C reaches the run as well, a SIGTERM does not; it ends in its own order, and is waited for. */
let running: ChildProcess | undefined;
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    isInterrupted = true;
    if (signal === 'SIGTERM') running?.kill(signal);
  });
}

/**
 * `commbench run` of a checkout on a scenario's text. Its file and its result stay in `commbench-results/FOLDER`, for
 * `commbench report`.
 * @returns undefined: it ended without a result, which its own words on standard error explain
 */
export async function runScenario(
  checkout: string,
  folder: string,
  { name, text, seed }: { readonly name: string; readonly text: string; readonly seed: number },
): Promise<Result | undefined> {
  const home = path.join(ROOT, 'commbench-results', folder);
  mkdirSync(home, { recursive: true });
  const [file, out] = [path.join(home, `${name}.yaml`), path.join(home, `${name}.json`)];
  writeFileSync(file, text);
  rmSync(out, { force: true });
  const args = [
    path.join(checkout, 'src/cli.ts'),
    'run',
    file,
    '--seed',
    String(seed),
    '--out',
    out,
    '--quiet',
  ];
  const child = spawn(process.execPath, args, {
    cwd: checkout,
    env: plainEnv(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  running = child;
  await once(child, 'close');
  if (isInterrupted)
    throw new CommbenchError('interrupted', 'Interrupted: what was finished is in the evidence');
  try {
    return resultSchema.parse(JSON.parse(readFileSync(out, 'utf8')));
  } catch (error) {
    console.error(`${name} has no result: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
