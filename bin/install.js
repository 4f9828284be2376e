// Brings node_modules to what package-lock.json asks for. Used by the launcher, and by itself before tests:
//   node bin/install.js
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitBySignal } from './exit-by-signal.js';
import { takeLock } from './install-lock.js';
import { systemFailure } from './install-problem.js';
import { isInstalled, NPM_RECORD, pinnedNode, STAMP, stampFor } from './installed.js';
import { npmCi } from './npm-ci.js';
import { watchParent } from './parent.js';
import { Problem, reportProblem } from './problem.js';

const OLDEST_NODE = 18;
/**
 * Returns when everything is installed or the signal is aborted; throws a Problem when it cannot be.
 * @param {string} root
 * @param {AbortSignal} signal
 */
export async function ensureInstalled(root, signal) {
  if (isInstalled(root)) return;
  requireNode(OLDEST_NODE);
  try {
    await installOnce(root, signal);
  } catch (error) {
    if (!signal.aborted) throw systemFailure(error, root);
  }
}

/**
 * @param {string} root
 * @param {AbortSignal} signal
 */
async function installOnce(root, signal) {
  const folder = path.join(root, '.install');
  mkdirSync(folder, { recursive: true });
  const lock = await takeLock(path.join(folder, 'lock'), {
    signal,
    onWait: ({ pid }) => say(`waiting for process ${pid}, which is installing here`),
  });
  try {
    if (isInstalled(root)) return;
    if (shortfall(root) !== undefined) {
      await npmCi(root, { signal, setGroup: lock.setGroup, logFile: path.join(folder, 'npm.log'), say });
    }
    if (signal.aborted) return;
    const missing = shortfall(root);
    if (missing !== undefined) throw incomplete(missing);
    writeStamp(root);
  } finally {
    lock.release();
  }
}

/** @param {string} root */
function writeStamp(root) {
  const file = path.join(root, STAMP);
  writeFileSync(`${file}.draft`, stampFor(root));
  renameSync(`${file}.draft`, file);
}

/**
 * What is missing for the lock file to be fulfilled, or undefined. An installation made by hand is as good.
 * @param {string} root
 * @returns {string | undefined}
 */
function shortfall(root) {
  const asked = packagesIn(path.join(root, 'package-lock.json'));
  if (!existsSync(path.join(root, NPM_RECORD))) return 'no package';
  const found = packagesIn(path.join(root, NPM_RECORD));
  for (const [place, { version, optional }] of Object.entries(asked)) {
    if (place === '' || (optional && !found[place])) continue;
    if (found[place]?.version !== version)
      return `${place} is ${found[place]?.version ?? 'missing'}, not ${version}`;
  }
  const wanted = `v${asked['node_modules/node']?.version}`;
  const { stdout, error } = spawnSync(pinnedNode(root), ['-v'], { encoding: 'utf8' });
  const version = error ? 'missing' : stdout.trim();
  return version === wanted ? undefined : `the pinned Node is ${version}, not ${wanted}`;
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** @param {number} oldest */
function requireNode(oldest) {
  const major = Number.parseInt(process.versions.node, 10);
  if (major >= oldest) return;
  throw new Problem(
    `expected Node ${oldest} or newer to install with, found ${process.versions.node} (${process.execPath})`,
    'Install a newer Node: https://nodejs.org',
  );
}

/** @param {string} missing */
function incomplete(missing) {
  return new Problem(
    `npm ended without an error, but not all is there: ${missing}`,
    'See .install/npm.log; check `npm config ls` for settings that leave packages or install scripts out.',
  );
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`commbench: ${text}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => interrupted.abort(name));
  watchParent(() => interrupted.abort('SIGTERM'));
  await ensureInstalled(root, interrupted.signal).catch(reportProblem);
  if (interrupted.signal.aborted) exitBySignal(interrupted.signal.reason);
  process.exit();
}
