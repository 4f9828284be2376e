import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { caseOf, runCase } from './case.ts';

/**
 * Runs the cases that its arguments name, one after the other: `SEED FROM TO`. Each is announced on standard output before
 * it begins, so that one that ends this process is known, and its outcome follows.
 */
const [seed, from, to] = process.argv.slice(2).map(Number) as [number, number, number];
const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-fuzz-'));
try {
  for (let id = from; id < to; id++) {
    emit({ type: 'begun', id });
    const outcome = await runCase(caseOf(seed, id), folder);
    emit({ type: 'done', outcome, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function emit(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
