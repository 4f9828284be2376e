import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 8192;

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
  try {
    const fd = openSync(file, 'r');
    try {
      const { size } = fstatSync(fd);
      const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
      const got = readSync(fd, buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString('utf8', 0, got);
    } finally {
      closeSync(fd);
    }
  } catch {
    // It never wrote, or the folder is gone: then there are no words, and the cause is told elsewhere.
    return '';
  }
}
