import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The per-user cache: what was fetched once stays here. `XDG_CACHE_HOME` counts only if absolute
 * (XDG Base Directory Specification 0.8).
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const given = env['XDG_CACHE_HOME'];
  const base = given !== undefined && path.isAbsolute(given) ? given : path.join(homedir(), '.cache');
  return path.join(base, 'commbench');
}
