import { expect, test } from 'vitest';
import { npmFailure, systemFailure } from '../../bin/install-problem.js';
import { Problem } from '../../bin/problem.js';

const ROOT = import.meta.dirname;
const PLENTY = { root: ROOT, logFile: 'npm.log', freeMb: 100_000 };

test.each([
  {
    output: 'npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device, write',
    says: 'found the disk full',
  },
  { output: 'npm error code EROFS\nnpm error rofs EROFS: read-only file system', says: 'found it read-only' },
  { output: 'npm error code EACCES', says: 'found it read-only' },
  {
    output: 'npm error code ENOTFOUND\nnpm error network request failed',
    says: 'expected to reach the npm registry',
  },
  { output: 'npm error code EAI_AGAIN', says: 'expected to reach the npm registry' },
  { output: 'npm error code ENOTCACHED', says: 'expected to reach the npm registry' },
  { output: 'npm error code EUSAGE', says: 'expected package.json and package-lock.json to agree' },
  { output: 'spawn npm ENOENT', says: 'expected npm on the PATH' },
])('npm said $output', ({ output, says }) => {
  expect(npmFailure(output, PLENTY).message).toContain(says);
});

test('what is not known is shown as it is', () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
  const problem = npmFailure(lines.join('\n'), PLENTY);
  expect(problem.message).toBe('npm ci failed');
  expect(problem.hint).toContain('npm.log');
  expect(problem.hint).toContain('line 39');
  expect(problem.hint).not.toContain('line 20\n');
});

test('an unknown failure on a small disk is a full disk: npm has tidied up since', () => {
  const problem = npmFailure('npm error Invalid package config', { ...PLENTY, freeMb: 57 });
  expect(problem.message).toMatch(/expected about \d+ MB of free disk space .*found 57 MB/);
});

test.each(['ENOSPC', 'EROFS', 'EACCES'])('%s from our own file work is the environment', (code) => {
  expect(systemFailure(Object.assign(new Error(code), { code }), ROOT)).toBeInstanceOf(Problem);
});

test('anything else from our own work stays a defect', () => {
  const defect = new TypeError('x is not a function');
  expect(systemFailure(defect, ROOT)).toBe(defect);
});
