import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The file of a worker or child program, with the extension that this build runs with: `.ts` in a
 * checkout, `.js` in the published package (the compiler does not rewrite such paths).
 * @param from the caller's `import.meta.url`
 * @param relative the path without extension, e.g. `./generator`
 */
export function entryFile(from: string, relative: string): string {
  return fileURLToPath(new URL(relative + path.extname(fileURLToPath(from)), from));
}
