import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm run bench [-- options of judge]`: commbench against every load tool that is here, three rounds, for a
 * quiet machine; autocannon always is. The record and its page are evidence: docs/evidence/bench.json, bench.md.
 */
const ROOT = path.resolve(fileURLToPath(import.meta.url), '../..');
const CLI = path.join(ROOT, 'src/cli.ts');
const RECORD = 'docs/evidence/bench.json';
const PAGE = 'docs/evidence/bench.md';
const USUAL = ['--rounds', '3', '--duration', '8s', '--wait-quiet', '20s'];

const judge = spawn(process.execPath, [CLI, 'judge', ...USUAL, '--out', RECORD, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});
// It ends in order by itself; this one only waits for that.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => judge.kill(name));
const code = await new Promise<number>((resolve) => judge.once('exit', (status) => resolve(status ?? 1)));
if (code === 0) {
  const page = spawnSync(process.execPath, [CLI, 'report', RECORD, '--format', 'markdown'], { cwd: ROOT });
  writeFileSync(path.join(ROOT, PAGE), page.stdout);
}
process.exitCode = code;
