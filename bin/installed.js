import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Written last: an installation that was cut off has none, and the next run repairs it. */
export const STAMP = path.join('node_modules', '.commbench-stamp');
/** npm's own record of what it installed. */
export const NPM_RECORD = path.join('node_modules', '.package-lock.json');

/** @param {string} root */
export function pinnedNode(root) {
  return path.join(root, 'node_modules', 'node', 'bin', 'node');
}

/** @param {string} root */
export function isInstalled(root) {
  try {
    return existsSync(pinnedNode(root)) && readFileSync(path.join(root, STAMP), 'utf8') === stampFor(root);
  } catch {
    return false;
  }
}

/**
 * What is asked, and what npm says is there: whoever changes either by hand is checked again.
 * @param {string} root
 */
export function stampFor(root) {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', NPM_RECORD]) hash.update(readFileSync(path.join(root, file)));
  return `${hash.digest('hex')} ${process.platform}-${process.arch}\n`;
}
