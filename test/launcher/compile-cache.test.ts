import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { compileCacheFolder } from '../../bin/compile-cache.js';
import { cacheFolder } from '../../src/platform/packages/cache-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { cleanEnv } from './checkout.ts';

const LAUNCHER = path.resolve(import.meta.dirname, '../../bin/commbench.js');

afterEach(() => vi.unstubAllEnvs());

test.each([undefined, '/elsewhere', 'relative'])('is below the cache, XDG_CACHE_HOME being %s', (given) => {
  vi.stubEnv('XDG_CACHE_HOME', given);
  expect(compileCacheFolder()).toBe(path.join(cacheFolder(), 'compiled'));
});

function helpWithCache(folder: string) {
  const { NODE_COMPILE_CACHE: _, ...env } = cleanEnv();
  const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, '--help'], {
    encoding: 'utf8',
    env: { ...env, XDG_CACHE_HOME: folder },
  });
  return { status, stderr, isHelp: stdout.startsWith('Usage: commbench') };
}
const HELPED = { status: 0, stderr: '', isHelp: true };

test('keeps there what was compiled', () => {
  using cache = temporaryFolder();
  expect(helpWithCache(cache.path)).toEqual(HELPED);
  expect(readdirSync(path.join(cache.path, 'commbench/compiled'))).not.toEqual([]);
});

test('a folder that cannot be made changes nothing', () => {
  expect(helpWithCache('/dev/null/cache')).toEqual(HELPED);
  expect(existsSync('/dev/null/cache')).toBe(false);
});
