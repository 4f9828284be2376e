import { homedir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder } from '../../../src/platform/packages/cache-folder.ts';

test('XDG_CACHE_HOME counts where it is absolute', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/var/somewhere' })).toBe('/var/somewhere/commbench');
});

test.each([undefined, '', 'relative/folder'])('%s as XDG_CACHE_HOME means the home folder', (given) => {
  expect(cacheFolder({ XDG_CACHE_HOME: given })).toBe(path.join(homedir(), '.cache', 'commbench'));
});
