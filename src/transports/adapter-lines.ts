import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { folderOf } from '../platform/definitions.ts';

/**
 * Lines of our adapter for a transport with all libraries that it can use, without blank lines and comments. Excluded
 * is code that only finds and starts its broker (broker*), or drives a target (target*). In the published package these
 * are the compiled lines: types are gone.
 */
export function adapterLines(name: string): number {
  const folder = folderOf(import.meta.dirname, name);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.d)\.[cm]?[jt]s$/.test(file))
    .filter((file) => !/^(broker|target)/.test(path.basename(file)))
    .reduce((sum, file) => sum + codeLines(readFileSync(path.join(folder, file), 'utf8')), 0);
}

/** Subtle: code before or behind a comment on one line is code; comment marks inside of a string are not recognised. */
export function codeLines(source: string): number {
  let count = 0;
  let inComment = false;
  for (const line of source.split('\n')) {
    const text = line.trim();
    const begins = !inComment && text.startsWith('/*');
    const isComment = inComment || begins || text.startsWith('//');
    if (text !== '' && !isComment) count++;
    if (inComment || begins) {
      inComment = !text.includes('*/');
      if (!inComment && !text.endsWith('*/')) count++;
    }
  }
  return count;
}
