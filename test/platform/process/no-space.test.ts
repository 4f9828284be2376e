import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { noSpaceIn } from '../../../src/platform/process/no-space.ts';
import { softLimit } from '../../../src/platform/process/proc.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FIXTURE = path.join(import.meta.dirname, 'fixtures/no-space.ts');

/** The same in a process whose files may have so many blocks of 1 KiB. */
function limited(folder: string, blocks: number): string {
  const run = ['-c', `ulimit -f ${blocks}; exec "$@"`, 'bash', process.execPath, FIXTURE, folder];
  return spawnSync('bash', run, { encoding: 'utf8' }).stdout;
}

test('with room there is nothing to say, and nothing is left', () => {
  using folder = temporaryFolder();
  expect(noSpaceIn(folder.path)).toBeUndefined();
  expect(softLimit('Max open files')).toBeGreaterThan(100);
});

test('a limit on the size of files is a full disk, once a file has reached it', () => {
  using folder = temporaryFolder();
  expect(limited(folder.path, 200)).toBe('none\n');
  expect(limited(folder.path, 100)).toMatch(/^disk-full No space left for .*log \(EFBIG\)\n$/);
});

test('so is one that is below a single write', () => {
  using folder = temporaryFolder();
  expect(limited(folder.path, 8)).toMatch(/^disk-full No space left for .* \(EFBIG\)\n$/);
});
