import os from 'node:os';
import { expect, test } from 'vitest';
import { commbench } from '../../support/cli.ts';

test('a pattern whose broker is not to be had is not run, which is said with its reason and exit code 3', () => {
  const { code, stdout } = commbench(
    ['selftest', '--patterns', 'queue,events', '--skip-brokers', '--quiet'],
    {
      cwd: os.tmpdir(),
    },
  );
  expect(code).toBe(3);
  expect(stdout).toContain('No check could be run.');
  expect(stdout).toMatch(/Message queue was not run: RabbitMQ was skipped \(--skip-brokers\)/);
});

test('a pattern that does not exist is told before anything is started', () => {
  const { code, stdout, stderr } = commbench(['selftest', '--patterns', 'grcp'], { cwd: os.tmpdir() });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('found grcp. Did you mean grpc?');
});
