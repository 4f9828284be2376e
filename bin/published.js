import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { keepCompiledCode } from './compile-cache.js';
import { isTooOld, readEngine } from './engine.js';
import { watchParent } from './parent.js';
import { Problem } from './problem.js';

/**
 * Runs the compiled CLI in this very process, if its Node is new enough.
 * @param {string} root
 */
export async function startPublished(root) {
  const { version, minimum } = readEngine(root);
  if (isTooOld(minimum)) throw tooOld(version, minimum);
  const cli = path.join(root, 'dist', 'cli.js');
  if (!existsSync(cli)) {
    throw new Problem(
      `expected the compiled program ${cli}, found no such file`,
      'The installation is incomplete: install commbench again.',
    );
  }
  watchParent(() => process.kill(process.pid, 'SIGTERM'));
  keepCompiledCode();
  await import(pathToFileURL(cli).href);
}

/**
 * @param {string} version
 * @param {string} minimum
 */
function tooOld(version, minimum) {
  return new Problem(
    `expected Node ${minimum} or newer, found ${process.versions.node} (${process.execPath})`,
    `Install Node 24 or 26 (https://nodejs.org), or let npx bring one along:\n` +
      `  npx --package=node@26 --package=commbench@${version} commbench ...`,
  );
}
