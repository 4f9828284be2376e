import { existsSync } from 'node:fs';
import path from 'node:path';
import { keepCompiledCode } from './compile-cache.js';
import { isTooOld, readEngine } from './engine.js';

/** Nothing; `--version`; `help run`; `--help`, alone or behind a command. */
const ASKING = /^(-V|--version|help( \S+)?|(\S+ )?(-h|--help))?$/;

/**
 * Prints help or the version in this very process. Measuring takes the pinned Node, and so a second process; these
 * take any that can run the program.
 * @param {string} root a checkout
 * @param {readonly string[]} args
 * @returns {Promise<boolean>} false: something else is asked, or this Node or the installation can't answer
 */
export async function helpHere(root, args) {
  const isInstalled = existsSync(path.join(root, 'node_modules', 'commander'));
  if (!ASKING.test(args.join(' ')) || !isInstalled || isTooOld(readEngine(root).minimum)) return false;
  keepCompiledCode();
  await import('../src/cli.ts');
  return true;
}
