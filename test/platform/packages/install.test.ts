import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { changedFolders, installedStamp, installOnce } from '../../../src/platform/packages/install.ts';
import { startTalker } from '../../support/talker.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const INSTALLER = path.join(import.meta.dirname, 'fixtures/installer.ts');

function fillWith(files: Readonly<Record<string, string>>) {
  const calls: string[] = [];
  const fill = async (folder: string) => {
    calls.push(folder);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    return '1.2.3';
  };
  return { calls, options: { signal: new AbortController().signal, onWait: () => undefined, fill } };
}

test('a folder is filled once; the second time it is used as it is', async () => {
  using root = temporaryFolder();
  const folder = path.join(root.path, 'deep', 'program-1');
  const { calls, options } = fillWith({ 'a/b': 'hello', c: '' });
  const stamp = await installOnce(folder, options);
  expect(stamp).toEqual({
    format: 1,
    version: '1.2.3',
    files: 2,
    bytes: 5,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
  });
  expect(await installOnce(folder, options)).toEqual(stamp);
  expect(calls).toHaveLength(1);
  expect(readFileSync(path.join(folder, 'a/b'), 'utf8')).toBe('hello');
  expect(readdirSync(path.dirname(folder))).toEqual(['program-1']);
});

test.each([
  ['a file is gone', (folder: string) => rmSync(path.join(folder, 'a'))],
  ['a file is shorter', (folder: string) => truncateSync(path.join(folder, 'a'), 1)],
  ['the stamp is torn', (folder: string) => truncateSync(path.join(folder, 'commbench-stamp.json'), 9)],
  ['the stamp is gone', (folder: string) => rmSync(path.join(folder, 'commbench-stamp.json'))],
])('it is filled anew when %s', async (_what, damage) => {
  using root = temporaryFolder();
  const folder = path.join(root.path, 'program-1');
  const { calls, options } = fillWith({ a: 'hello', b: 'world' });
  const stamp = await installOnce(folder, options);
  damage(folder);
  expect(await installedStamp(folder)).toBeUndefined();
  expect(await installOnce(folder, options)).toEqual(stamp);
  expect(calls).toHaveLength(2);
  expect(readdirSync(root.path)).toEqual(['program-1']);
});

test('a filling that fails leaves nothing, and its own error', async () => {
  using root = temporaryFolder();
  const folder = path.join(root.path, 'program-1');
  const { options } = fillWith({ a: 'hello' });
  const cause = new Error('cut off');
  const cutOff = {
    ...options,
    fill: async (part: string) => options.fill(part).then(() => Promise.reject(cause)),
  };
  await expect(installOnce(folder, cutOff)).rejects.toBe(cause);
  expect(readdirSync(root.path)).toEqual([]);
  expect((await installOnce(folder, options)).version).toBe('1.2.3');
});

test('a damaged folder stays untouched until a whole one can replace it', async () => {
  using root = temporaryFolder();
  const folder = path.join(root.path, 'program-1');
  const { options } = fillWith({ a: 'hello', b: 'world' });
  await installOnce(folder, options);
  rmSync(path.join(folder, 'a'));
  await expect(
    installOnce(folder, { ...options, fill: () => Promise.reject(new Error('no net')) }),
  ).rejects.toThrow('no net');
  expect(readFileSync(path.join(folder, 'b'), 'utf8')).toBe('world');
});

test('killed with -9 while filling: no folder, and the next one starts over and tidies up', async () => {
  using root = temporaryFolder();
  const folder = path.join(root.path, 'program-1');
  await using cutOff = startTalker(INSTALLER, folder, 'hang');
  await cutOff.says('filling');
  await cutOff.kill();
  expect(await installedStamp(folder)).toBeUndefined();
  expect(readdirSync(root.path)).toEqual([expect.stringMatching(/^program-1\.part-/)]);

  await using next = startTalker(INSTALLER, folder, 'at once');
  await next.says('done');
  expect(await installedStamp(folder)).toMatchObject({ version: '1.2.3', files: 2 });
  expect(readdirSync(root.path)).toEqual(['program-1']);
});

test('two at once: one fills, the other waits and uses it', async () => {
  using root = temporaryFolder();
  const folder = path.join(root.path, 'program-1');
  await using first = startTalker(INSTALLER, folder, 'slow');
  await first.says('filling');
  await using second = startTalker(INSTALLER, folder, 'slow');
  await second.says('waiting');
  first.child.stdin!.end();
  await Promise.all([first.says('done'), second.says('done')]);
  expect(second.said).toEqual(['waiting', 'done']);
});

test('who waits takes over when the one that fills is killed', async () => {
  using root = temporaryFolder();
  const folder = path.join(root.path, 'program-1');
  await using first = startTalker(INSTALLER, folder, 'hang');
  await first.says('filling');
  await using second = startTalker(INSTALLER, folder, 'at once');
  await second.says('waiting');
  await first.kill();
  await second.says('done');
  expect(second.said).toEqual(['waiting', 'filling', 'done']);
  expect(readdirSync(root.path)).toEqual(['program-1']);
});

test('a cache folder that can not be is one clear message', async () => {
  using root = temporaryFolder();
  writeFileSync(path.join(root.path, 'file'), '');
  const { options } = fillWith({ a: 'hello' });
  const failed = installOnce(path.join(root.path, 'file', 'program-1'), options);
  await expect(failed).rejects.toMatchObject({
    code: 'cannot-write',
    exitCode: 6,
    hint: expect.stringContaining('XDG_CACHE_HOME'),
  });
});

test('a disk that is full is one clear message', async () => {
  using root = temporaryFolder();
  const { options } = fillWith({});
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const failed = installOnce(path.join(root.path, 'program-1'), {
    ...options,
    fill: () => Promise.reject(full),
  });
  await expect(failed).rejects.toMatchObject({ code: 'disk-full', exitCode: 6 });
});

test('files that were changed at equal size, renamed or linked elsewhere are found', async () => {
  using root = temporaryFolder();
  const at = (name: string) => path.join(root.path, name);
  for (const name of ['changed', 'renamed', 'linked', 'whole']) {
    await installOnce(at(name), fillWith({ a: 'hello', b: 'world' }).options);
  }
  writeFileSync(path.join(at('changed'), 'a'), 'jello');
  renameSync(path.join(at('renamed'), 'a'), path.join(at('renamed'), 'c'));
  rmSync(path.join(at('linked'), 'a'));
  symlinkSync('b', path.join(at('linked'), 'a'));
  mkdirSync(at('of somebody else'));
  expect((await changedFolders(root.path)).toSorted()).toEqual([at('changed'), at('linked'), at('renamed')]);
  expect(await changedFolders(at('nowhere'))).toEqual([]);
});

test('what an older version installed, without a digest, is not called changed', async () => {
  using root = temporaryFolder();
  const folder = path.join(root.path, 'old');
  const { sha256: _, ...stamp } = await installOnce(folder, fillWith({ a: 'hello' }).options);
  writeFileSync(path.join(folder, 'commbench-stamp.json'), JSON.stringify(stamp));
  writeFileSync(path.join(folder, 'a'), 'jello');
  expect(await installedStamp(folder)).toEqual(stamp);
  expect(await changedFolders(root.path)).toEqual([]);
});
