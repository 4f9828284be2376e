import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 8192;
const HEAD_BYTES = 256 * 1024;

/** The last lines that a program wrote, for a message; empty where it wrote none. */
export function lastWords(outputPath: string, lines = 8): string {
  return (
    tail(outputPath)
      .split('\n')
      .map((line) => line.trimEnd())
      // Rules and frames say nothing.
      .filter((line) => /[\p{L}\p{N}]/u.test(line))
      .slice(-lines)
      .join('\n')
  );
}

function tail(file: string): string {
  return part(file, (size) => Math.max(0, size - TAIL_BYTES), TAIL_BYTES);
}

/** What a program wrote so far, its first 256 KiB; empty where it wrote nothing. */
export function outputOf(outputPath: string): string {
  return part(outputPath, () => 0, HEAD_BYTES);
}

function part(file: string, fromOf: (size: number) => number, most: number): string {
  try {
    const fd = openSync(file, 'r');
    try {
      const { size } = fstatSync(fd);
      const from = fromOf(size);
      const buffer = Buffer.alloc(Math.min(size - from, most));
      const got = readSync(fd, buffer, 0, buffer.length, from);
      return buffer.toString('utf8', 0, got);
    } finally {
      closeSync(fd);
    }
  } catch {
    // It never wrote, or the folder is gone: then there are no words, and the cause is told elsewhere.
    return '';
  }
}
