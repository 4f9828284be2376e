import * as fs from 'node:fs';
import { Problem } from './problem.js';

/** What node_modules takes, and some for npm's work. */
const NEEDED_MB = 650;
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
 * @param {{ root: string, logFile: string, freeMb: number }} circumstances free space was looked up beforehand:
 * npm tidies up after a failure, and a full disk is then full no more
 * @returns {Problem}
 */
export function npmFailure(output, { root, logFile, freeMb }) {
  const known = KNOWN.find(({ pattern }) => pattern.test(output));
  if (known) return known.toProblem(root);
  if (freeMb < NEEDED_MB) return diskFull(root, `${freeMb} MB`);
  const tail = output.trimEnd().split('\n').slice(-LAST_LINES).join('\n  ');
  return new Problem('npm ci failed', `Its last output (all of it: ${logFile}):\n  ${tail}`);
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

/**
 * @param {string} root
 * @param {string} [found]
 */
function diskFull(root, found = 'the disk full') {
  return new Problem(
    `expected about ${NEEDED_MB} MB of free disk space in ${root}, and as much again for npm's cache, found ${found}`,
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

/**
 * @param {string} folder
 * @returns {number} infinite where this Node (before 18.15) cannot tell
 */
export function freeMegabytes(folder) {
  if (typeof fs.statfsSync !== 'function') return Infinity;
  const { bavail, bsize } = fs.statfsSync(folder);
  return Math.floor((bavail * bsize) / 2 ** 20);
}
