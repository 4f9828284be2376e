import * as fs from 'node:fs';
import { Problem } from './problem.js';

const NEEDED_MB = 700;
const LAST_LINES = 12;

/**
 * What npm prints, and what it means to the user: the first that fits.
 * @type {readonly { pattern: RegExp, toProblem: (root: string) => Problem }[]}
 */
const KNOWN = [
  { pattern: /spawn npm ENOENT/, toProblem: npmMissing },
  { pattern: /\b(ENOSPC|EDQUOT)\b/, toProblem: diskFull },
  { pattern: /\b(EROFS|EACCES|EPERM)\b/, toProblem: notWritable },
  {
    pattern:
      /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/,
    toProblem: registryUnreachable,
  },
  { pattern: /\b(EUSAGE|ELOCKVERIFY)\b/, toProblem: lockDisagrees },
];

/**
 * @param {string} output what npm printed
 * @param {string} root
 * @param {string} logFile
 * @returns {Problem}
 */
export function npmFailure(output, root, logFile) {
  if (isDiskFull(root)) return diskFull(root);
  const known = KNOWN.find(({ pattern }) => pattern.test(output));
  if (known) return known.toProblem(root);
  const tail = output.trimEnd().split('\n').slice(-LAST_LINES).join('\n  ');
  return new Problem('npm ci failed', `Its last words (all of them: ${logFile}):\n  ${tail}`);
}

/**
 * A failure of our own file work, as a Problem where the user can do something about it.
 * @param {unknown} error
 * @param {string} root
 */
export function systemFailure(error, root) {
  const code = /** @type {{ code?: unknown } | null} */ (error)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(root);
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return notWritable(root);
  return error;
}

function npmMissing() {
  return new Problem(
    'expected npm on the PATH to install with, found none',
    'Install npm (it comes with Node: https://nodejs.org), or install by hand what package-lock.json asks for.',
  );
}

/** @param {string} root */
function diskFull(root) {
  return new Problem(
    `expected about ${NEEDED_MB} MB of free disk space for ${root} and npm's cache, found the disk full`,
    'Free some space and run the command again: it starts over cleanly.',
  );
}

/** @param {string} root */
function notWritable(root) {
  return new Problem(
    `expected to be able to write to ${root}, found it read-only for this user`,
    'Install once as a user who may write there (node bin/install.js); afterwards it may be read-only.',
  );
}

function registryUnreachable() {
  return new Problem(
    'expected to reach the npm registry, found no connection to it',
    'Check the network and `npm config get registry` (a proxy: `npm config get https-proxy`), then run the command again.',
  );
}

function lockDisagrees() {
  return new Problem(
    'expected package.json and package-lock.json to agree, found that they do not',
    'After changing package.json run `npm install`, which brings the lock file up to date.',
  );
}

/** @param {string} root */
function isDiskFull(root) {
  // Node 18 has it from 18.15 on.
  if (typeof fs.statfsSync !== 'function') return false;
  const { bavail, bsize } = fs.statfsSync(root);
  return bavail * bsize < 2 ** 20;
}
