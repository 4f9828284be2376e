import { readFileSync } from 'node:fs';
import { CommbenchError } from '../kernel/errors.ts';

/** What a process of ours is to do, as whoever started it has checked and written it. */
interface PlanFile {
  readonly version: number;
}

/**
 * Reads a file of this build's own: its schema was held when it was written, and takes longer to load than all else that
 * the process needs.
 */
export function readPlanFile(file: string): PlanFile {
  const plan = JSON.parse(readFileSync(file, 'utf8')) as PlanFile;
  if (plan.version === 1) return plan;
  throw new CommbenchError('bad-option', `Expected version 1 in ${file}, found ${plan.version}`);
}
