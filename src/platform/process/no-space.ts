import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CommbenchError, isNoSpace, systemCode } from '../../kernel/errors.ts';
import { softLimit } from './proc.ts';
import { cannotWrite } from './run-file.ts';

/** More than a program writes at once before it notices. */
const PROBE_BYTES = 64 * 1024;

/**
 * A full disk, or a limit on the size of files, below a folder of ours. A program that cannot write ends, mostly without
 * a word, as its words were to be written there: its end alone says nothing.
 */
export function noSpaceIn(folder: string): CommbenchError | undefined {
  const probe = path.join(folder, `.probe-${process.pid}`);
  try {
    writeFileSync(probe, Buffer.alloc(PROBE_BYTES));
  } catch (cause) {
    return isNoSpace(systemCode(cause)) ? cannotWrite(folder, cause) : undefined;
  } finally {
    rmSync(probe, { force: true });
  }
  const limit = softLimit('Max file size');
  const largest = limit === Infinity ? undefined : filesIn(folder).find(({ bytes }) => bytes >= limit);
  return largest && cannotWrite(largest.file, Object.assign(new Error('file too large'), { code: 'EFBIG' }));
}

function filesIn(folder: string): { readonly file: string; readonly bytes: number }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ file, bytes: statSync(file, { throwIfNoEntry: false })?.size ?? 0 }));
}
