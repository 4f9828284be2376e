import { readFileSync } from 'node:fs';
import { CommbenchError } from '../kernel/errors.ts';

/** Input of one of our processes, checked and written by the process that starts it. */
interface PlanFile {
  readonly version: number;
}

/**
 * Reads a file of this build's own. It was validated when it was written; loading the schema would take longer than all
 * other code of the process.
 */
export function readPlanFile(file: string): PlanFile {
  const plan = JSON.parse(readFileSync(file, 'utf8')) as PlanFile;
  if (plan.version === 1) return plan;
  throw new CommbenchError('bad-option', `Expected version 1 in ${file}, found ${plan.version}`);
}
