import os from 'node:os';
import { expect, test } from 'vitest';
import { clientVersion, describeEnvironment } from '../../src/record/environment.ts';

test('the machine is described without naming it, its user or its paths', () => {
  const environment = describeEnvironment();
  expect(environment).toMatchObject({
    arch: os.arch(),
    cores: os.cpus().length,
    node: process.versions.node,
  });
  const text = JSON.stringify(environment);
  expect(Object.values(environment)).not.toContain(os.hostname());
  expect(text).not.toContain(os.homedir());
  expect(text).not.toContain(process.cwd());
});

test('a client library has the version that is installed', () => {
  expect(clientVersion('undici')).toMatch(/^undici \d+\.\d+\.\d+$/);
  expect(clientVersion('no-such-library')).toBe('no-such-library');
});
