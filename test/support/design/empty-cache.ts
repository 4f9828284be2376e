import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A cache of the test's own: what is known of this machine elsewhere is no business of it. */
export function withEmptyCache(): { enter(): void; leave(): void } {
  let before: string | undefined;
  let folder = '';
  return {
    enter() {
      before = process.env['XDG_CACHE_HOME'];
      folder = mkdtempSync(path.join(os.tmpdir(), 'cbcache-'));
      process.env['XDG_CACHE_HOME'] = folder;
    },
    leave() {
      if (before === undefined) delete process.env['XDG_CACHE_HOME'];
      else process.env['XDG_CACHE_HOME'] = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
