import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The version of the package, and the oldest Node that can run its program.
 * @param {string} root
 */
export function readEngine(root) {
  const { version, engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return { version, minimum: engines.node.replace(/^>=/, '') };
}

/**
 * Whether the running Node is too old.
 * @param {string} minimum
 */
export function isTooOld(minimum) {
  return process.versions.node.localeCompare(minimum, 'en', { numeric: true }) < 0;
}
