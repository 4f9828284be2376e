import { readFileSync } from 'node:fs';
import { Problem } from './problem.js';

/** With fewer, Node cannot even load the program. */
const LEAST_FILES = 64;

/** Throws a Problem where this process may open too few files; without /proc nothing is known. */
export function requireFiles() {
  const [, limit] = /^Max open files\s+(\d+)/m.exec(limits()) ?? [];
  if (limit === undefined || Number(limit) >= LEAST_FILES) return;
  throw new Problem(
    `a process may open ${limit} files here; at least ${LEAST_FILES} are needed`,
    'Raise the limit in this shell: ulimit -n 4096',
  );
}

function limits() {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
