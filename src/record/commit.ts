import { spawnSync } from 'node:child_process';

/** Commit of what is measured, as CI servers or git have it where the command stands; null: unknown. */
export function commitHere(): string | null {
  const given = process.env['GITHUB_SHA'] ?? process.env['CI_COMMIT_SHA'] ?? process.env['GIT_COMMIT'];
  if (given !== undefined && /^[0-9a-f]{7,64}$/.test(given)) return given;
  const git = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', timeout: 2000 });
  return git.status === 0 ? git.stdout.trim() : null;
}
