import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { systemCode } from '../kernel/errors.ts';

/**
 * Makes a folder and its parents. Node's own `recursive` never returns where a file system reports no such path, as
 * /proc does.
 */
export function makeFolder(folder: string, mode = 0o777): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder), mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Another process was first.
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}
