import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const LAUNCHER = path.resolve(import.meta.dirname, '../../bin/commbench.js');

test('a shell that allows too few open files is named, before anything is loaded', () => {
  const command = 'ulimit -n 40; exec "$@"';
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', command, 'bash', process.execPath, LAUNCHER, 'list'],
    {
      encoding: 'utf8',
    },
  );
  expect([status, stdout]).toEqual([6, '']);
  expect(stderr).toBe(
    'commbench: a process may open 40 files here; at least 64 are needed\n  Raise the limit in this shell: ulimit -n 4096\n',
  );
});
