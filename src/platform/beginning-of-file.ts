import { closeSync, openSync, readSync } from 'node:fs';

/** The first bytes of a file as text, however long it is. @throws the system's error */
export function beginningOfFile(file: string, bytes = 200): string {
  const fd = openSync(file, 'r');
  try {
    const piece = Buffer.alloc(bytes);
    return piece.toString('utf8', 0, readSync(fd, piece));
  } finally {
    closeSync(fd);
  }
}
