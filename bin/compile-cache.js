import { existsSync, mkdirSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Where Node keeps compiled code from one start to the next, which halves the start of a program that is TypeScript:
 * in the user's own cache, as src/platform/packages/cache-folder.ts has it. Undefined where none can be made.
 */
export function compileCacheFolder() {
  const given = process.env['XDG_CACHE_HOME'];
  try {
    const base = given !== undefined && path.isAbsolute(given) ? given : path.join(homedir(), '.cache');
    const folder = path.join(base, 'commbench', 'compiled');
    makeFolder(folder);
    return folder;
  } catch {
    return undefined;
  }
}

/**
 * One by one: Node's own way tries for minutes where none can be made, as in /proc.
 * @param {string} folder
 */
function makeFolder(folder) {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/** For what this process loads from now on. Where the folder can't be written, Node goes on without. */
export function keepCompiledCode() {
  const folder = compileCacheFolder();
  // Node has it from 22.1 on.
  if (folder !== undefined) module.enableCompileCache?.(folder);
}
