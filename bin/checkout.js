import { spawn } from 'node:child_process';
import path from 'node:path';
import { exitBySignal } from './exit-by-signal.js';
import { compileCacheFolder } from './compile-cache.js';
import { isInstalled, pinnedNode } from './installed.js';
import { watchParent } from './parent.js';
import { Problem, reportProblem } from './problem.js';
import { watchStopped } from './stopped.js';

/**
 * Installs what the lock file asks for, then runs src/cli.ts on the pinned Node and ends as it ends.
 *
 * Signals: the terminal sends Ctrl-C to the CLI as well, so a SIGINT is not passed on; SIGTERM and SIGHUP
 * are, and a lost parent (npx was ended) counts as a SIGTERM. If the launcher is killed outright, the pipe
 * that it holds closes, and the CLI sees that (src/platform/process/launcher-watch.ts). A CLI that alone is stopped, and
 * stays so, is continued and ended; the CLI does the first for a launcher that is stopped when the run is over.
 * @param {string} root
 * @param {readonly string[]} args
 */
export async function startCheckout(root, args) {
  const installing = new AbortController();
  /** @type {(signal: NodeJS.Signals) => void} */
  let onSignal = (signal) => installing.abort(signal);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => onSignal(signal));
  }
  watchParent(() => onSignal('SIGTERM'));

  if (!isInstalled(root)) {
    const { ensureInstalled } = await import('./install.js');
    await ensureInstalled(root, installing.signal);
  }
  if (installing.signal.aborted) exitBySignal(installing.signal.reason);

  const cli = startCli(root, args);
  onSignal = (signal) => {
    if (signal !== 'SIGINT') cli.kill(signal);
  };
}

/**
 * @param {string} root
 * @param {readonly string[]} args
 */
function startCli(root, args) {
  const cli = spawn(pinnedNode(root), [path.join(root, 'src', 'cli.ts'), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { NODE_COMPILE_CACHE: compileCacheFolder(), ...process.env, COMMBENCH_LAUNCHER_FD: '3' },
  });
  cli.on('error', (error) => {
    const message = `the pinned Node cannot be started: ${error.message}`;
    reportProblem(new Problem(message, 'Remove the folder node_modules and run the command again.'));
  });
  if (cli.pid !== undefined) watchStopped(cli.pid, () => endStopped(cli));
  cli.on('exit', (code, signal) => {
    if (signal) exitBySignal(signal);
    process.exit(code ?? 1);
  });
  return cli;
}

/** @param {import('node:child_process').ChildProcess} cli */
function endStopped(cli) {
  process.stderr.write(`commbench: its main process (pid ${cli.pid}) stood still for 10 s; the run ends\n`);
  cli.kill('SIGCONT');
  cli.kill('SIGTERM');
}
