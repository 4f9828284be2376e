import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { CommbenchError } from '../src/kernel/errors.ts';
import { plainEnv } from './plain-env.ts';

/** A terminal's Ctrl-C reaches the command as well, a SIGTERM does not; it ends in its own order, and is waited for. */
let running: ChildProcess | undefined;
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    isInterrupted = true;
    if (signal === 'SIGTERM') running?.kill(signal);
  });
}

/**
 * A command of a checkout, to its end; its words on standard error are passed on.
 * @returns its exit code (null: a signal ended it), and what it printed
 * @throws CommbenchError interrupted
 */
export async function runCli(
  checkout: string,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const child = spawn(process.execPath, [path.join(checkout, 'src/cli.ts'), ...args], {
    cwd: checkout,
    env: plainEnv(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running = child;
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (isInterrupted)
    throw new CommbenchError('interrupted', 'Interrupted: what was finished is in the evidence');
  return { code, stdout };
}
