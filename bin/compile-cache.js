import module from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Where Node keeps compiled code from one start to the next, which halves the start of a program that is TypeScript:
 * in the user's own cache, as src/platform/packages/cache-folder.ts has it. Undefined for a user without a home.
 */
export function compileCacheFolder() {
  const given = process.env['XDG_CACHE_HOME'];
  try {
    const base = given !== undefined && path.isAbsolute(given) ? given : path.join(homedir(), '.cache');
    return path.join(base, 'commbench', 'compiled');
  } catch {
    return undefined;
  }
}

/** For what this process loads from now on. Where the folder can't be written, Node goes on without. */
export function keepCompiledCode() {
  const folder = compileCacheFolder();
  // Node has it from 22.1 on.
  if (folder !== undefined) module.enableCompileCache?.(folder);
}
