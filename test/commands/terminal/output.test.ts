import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, closeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CLI } from '../../support/cli.ts';

const ENV = { PATH: process.env['PATH'], HOME: process.env['HOME'] };

function commandTo(stdout: number | 'pipe', shell?: string) {
  const args = [CLI, 'schema', 'result'];
  const command =
    shell === undefined
      ? [process.execPath, ...args]
      : ['bash', '-c', shell, 'bash', process.execPath, ...args];
  const { status, stderr } = spawnSync(command[0]!, command.slice(1), {
    env: ENV,
    stdio: ['ignore', stdout, 'pipe'],
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stderr };
}

test('a report that a full disk does not take is no success', () => {
  const fd = openSync('/dev/full', 'w');
  const { status, stderr } = commandTo(fd);
  closeSync(fd);
  expect(stderr).toMatch(/^commbench: Cannot write the output: no space left \(ENOSPC\)\n {2}→ .*\n$/);
  expect(status).toBe(6);
});

test('nor is one that is cut off by a limit on the size of files', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-output-'));
  const file = path.join(folder, 'out.json');
  try {
    const fd = openSync(file, 'w');
    // 4 blocks of 1 KiB: the first write is short, and only the next one fails.
    const { status, stderr } = commandTo(fd, 'ulimit -f 4; exec "$@"');
    closeSync(fd);
    expect(readFileSync(file)).toHaveLength(4096);
    expect(stderr).toMatch(/^commbench: Cannot write the output: no space left \(EFBIG\)\n {2}→ .*\n$/);
    expect(status).toBe(6);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a reader that has seen enough is no error', () => {
  const { status, stderr } = commandTo('pipe', '"$@" | head -c 10 >/dev/null; exit "${PIPESTATUS[0]}"');
  expect([status, stderr]).toEqual([0, '']);
});

test('a file gets all of it', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-output-'));
  const file = path.join(folder, 'out.json');
  try {
    const fd = openSync(file, 'w');
    expect(commandTo(fd)).toEqual({ status: 0, stderr: '' });
    closeSync(fd);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('$schema');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
