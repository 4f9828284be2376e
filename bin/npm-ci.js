import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freeMegabytes, npmFailure } from './install-problem.js';
import { Problem } from './problem.js';

const LIMIT_MS = 15 * 60_000;
const END_LIMIT_MS = 5000;

/**
 * Runs `npm ci` in a process group of its own. `--include=dev` and `--ignore-scripts=false` hold against
 * NODE_ENV=production and against settings that would leave the pinned Node out.
 * @param {string} root
 * @param {{ signal: AbortSignal, setGroup: (pid: number) => void, logFile: string, say: (text: string) => void }} options
 */
export async function npmCi(root, { signal, setGroup, logFile, say }) {
  const places = requiredPlaces(root);
  say(
    `installing ${places.length} packages into node_modules, as package-lock.json asks (once, about half a minute)`,
  );
  const startedAt = Date.now();
  const freeMb = freeMegabytes(root);
  const guard = startNpm(root, logFile);
  if (guard.pid !== undefined) setGroup(guard.pid);
  const stopProgress = showProgress(root, places, say);
  const { code, isLate } = await endOf(guard, signal);
  stopProgress();
  if (signal.aborted) return;
  if (isLate) throw new Problem(`npm ci did not end within ${LIMIT_MS / 60_000} minutes`, `See ${logFile}.`);
  if (code !== 0) throw npmFailure(readFileSync(logFile, 'utf8'), { root, logFile, freeMb });
  say(`installed in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

/**
 * The output goes to a file: nothing breaks when the reader dies.
 * @param {string} root
 * @param {string} logFile
 */
function startNpm(root, logFile) {
  const guardFile = fileURLToPath(new URL('./end-with-parent.js', import.meta.url));
  const npm = ['npm', 'ci', '--include=dev', '--ignore-scripts=false', '--no-audit', '--no-fund'];
  const log = openSync(logFile, 'w');
  try {
    return spawn(process.execPath, [guardFile, ...npm], {
      cwd: root,
      env: { ...process.env, PATH: pathWithout(path.join(root, 'node_modules', '.bin')) },
      stdio: ['pipe', log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

/**
 * npm puts the package's own programs first, and after a cut-off installation the Node among them is broken.
 * @param {string} folder
 */
function pathWithout(folder) {
  const parts = (process.env['PATH'] ?? '').split(path.delimiter);
  return parts.filter((part) => path.resolve(part) !== folder).join(path.delimiter);
}

/**
 * @param {import('node:child_process').ChildProcess} guard
 * @param {AbortSignal} signal
 * @returns {Promise<{ code: number | null, isLate: boolean }>}
 */
function endOf(guard, signal) {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const end = () => {
      guard.stdin?.destroy();
      setTimeout(() => killGroup(guard.pid), END_LIMIT_MS).unref();
    };
    const limit = setTimeout(() => {
      isLate = true;
      end();
    }, LIMIT_MS);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    guard.stdin?.on('error', () => {
      // It has ended already.
    });
    guard.on('error', reject);
    guard.on('exit', (code) => {
      clearTimeout(limit);
      signal.removeEventListener('abort', end);
      killGroup(guard.pid); // In case it was itself killed, and npm goes on.
      resolve({ code, isLate });
    });
  });
}

/** @param {number | undefined} leader */
function killGroup(leader) {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

/**
 * @param {string} root
 * @returns {string[]}
 */
function requiredPlaces(root) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  return Object.keys(packages).filter((place) => place !== '' && !packages[place].optional);
}

/**
 * A line that is redrawn in a terminal, a new line now and then elsewhere.
 * @param {string} root
 * @param {readonly string[]} places
 * @param {(text: string) => void} say
 */
function showProgress(root, places, say) {
  const startedAt = Date.now();
  const status = () => {
    const unpacked = places.filter((place) => existsSync(path.join(root, place, 'package.json'))).length;
    return `${unpacked} of ${places.length} unpacked, ${Math.round((Date.now() - startedAt) / 1000)} s`;
  };
  const isTerminal = process.stderr.isTTY;
  const show = () => (isTerminal ? process.stderr.write(`\r  ${status()} `) : say(status()));
  const timer = setInterval(show, isTerminal ? 500 : 10_000);
  return () => {
    clearInterval(timer);
    if (isTerminal) process.stderr.write('\r\u001B[K');
  };
}
