import { expect, test } from 'vitest';
import { findFetched } from '../../../src/components/broker/ingredients.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { fakePackage } from './fake-broker.ts';

const programs = {
  recipes: () => [fakePackage] as const,
  installed: async () => 'none is installed',
  unpacked: async () => ({ version: '1' }),
  describe: () => 'a program',
};
const install = { brew: '', dnf: '', other: '' };
const find = (cacheFolder: string, more: object = {}) =>
  findFetched(
    { title: 'Fake', programs: { ...programs, ...more }, install },
    {
      url: undefined,
      cacheFolder,
      signal: new AbortController().signal,
    },
  );

test('programs that would not run where they are fetched to are not fetched: the reason comes first', async () => {
  using root = temporaryFolder();
  expect(await find(root.path)).toMatchObject({ state: 'available', fetch: {} });
  const whyNotIn = async (folder: string) =>
    folder.startsWith(`${root.path}/brokers/`) ? 'its scripts cannot run there' : undefined;
  expect(await find(root.path, { whyNotIn })).toBe('its scripts cannot run there');
});
