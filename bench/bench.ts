import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from '../src/commands/terminal/context.ts';
import { printError } from '../src/commands/terminal/print-error.ts';
import { markdown } from '../src/report/formats/markdown.ts';
import { benchCommand } from './tools/command.ts';
import { benchView } from './tools/view.ts';

/**
 * `npm run bench [-- options]`: commbench against every load tool that is here, three rounds, for a quiet
 * machine; autocannon always is. The record and its page are evidence: docs/evidence/bench.json, bench.md.
 * Options and tools of one's own: `npm run bench -- --help`.
 */
const EVIDENCE = path.resolve(fileURLToPath(import.meta.url), '../../docs/evidence');
const USUAL = ['--rounds', '3', '--duration', '8s', '--wait-quiet', '20s'];

const context: Context = { stdout: process.stdout, stderr: process.stderr, env: process.env };
const asked = process.argv.slice(2);
const isEvidence = asked.length === 0;
const out = path.join(EVIDENCE, 'bench.json');

try {
  const command = benchCommand(context, (record) => {
    if (!isEvidence) return;
    const surface = {
      width: 120,
      height: 40,
      color: false,
      program: 'commbench',
      full: true,
      explain: false,
    };
    writeFileSync(path.join(EVIDENCE, 'bench.md'), markdown.reporter(benchView(record, out), surface));
  });
  await command.parseAsync(isEvidence ? [...USUAL, '--out', out] : asked, { from: 'user' });
} catch (error) {
  process.exitCode = printError(context, error);
}
process.stdout.write('', () => process.exit());
