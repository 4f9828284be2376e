import path from 'node:path';
import { readRecord } from '../../../src/experiments/read-record.ts';
import type { Report } from '../../../src/report/report.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** Committed results of each kind: what a page must be able to show. */
export const COMMITTED = [
  'results/examples/pattern-comparison.json',
  'results/examples/circuit-breaker.json',
  'results/examples/cascade.json',
  'results/examples/ab.json',
  'results/examples/sweep.json',
  'results/examples/crossover.json',
] as const;

export async function committedReport(file: string): Promise<Report> {
  const { record, kind } = await readRecord(path.join(ROOT, file));
  return kind.view(record, file);
}

export function committedPath(file: string): string {
  return path.join(ROOT, file);
}
