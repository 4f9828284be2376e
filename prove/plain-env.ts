import path from 'node:path';

/** Without the settings that `npm run` leaves for what it starts, and without the repository's own programs. */
export function plainEnv(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const env = Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
  const folders = (env['PATH'] ?? '').split(path.delimiter);
  return { ...env, PATH: folders.filter((folder) => !folder.includes('node_modules')).join(path.delimiter) };
}
