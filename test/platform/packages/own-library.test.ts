import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hasOwnLibrary, useOwnLibrary } from '../../../src/platform/packages/own-library.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The loader that a program of this system names. */
function loaderOf(program: string): string | undefined {
  return /\/lib[^\0]*\/ld-linux[^\0]*\.so\.\d+/.exec(readFileSync(program, 'latin1').slice(0, 2048))?.[0];
}

const LOADER = loaderOf('/bin/cat');
const LIBRARIES = 'root/usr/lib/x86_64-linux-gnu';
const PROGRAM = 'root/usr/lib/thing/bin/cat';

/** A folder with a program, a library, a loader and a script, all executable; the loader is this system's. */
function unpack(folder: string): void {
  mkdirSync(path.join(folder, LIBRARIES), { recursive: true });
  mkdirSync(path.join(folder, path.dirname(PROGRAM)), { recursive: true });
  copyFileSync(LOADER!, path.join(folder, LIBRARIES, path.basename(LOADER!)));
  copyFileSync('/bin/cat', path.join(folder, PROGRAM));
  copyFileSync('/bin/cat', path.join(folder, LIBRARIES, 'libcat.so.1'));
  writeFileSync(path.join(folder, 'root/usr/lib/thing/bin/script'), '#!/bin/sh\n');
  for (const file of [PROGRAM, `${LIBRARIES}/libcat.so.1`, 'root/usr/lib/thing/bin/script']) {
    chmodSync(path.join(folder, file), 0o755);
  }
}

const run = (file: string, ...args: string[]) => execFileSync(file, args, { encoding: 'utf8' });

test.skipIf(LOADER === undefined)(
  'a program is run by the loader unpacked with it, under its own name, wherever its folder is moved',
  async () => {
    using root = temporaryFolder();
    const [first, second] = [path.join(root.path, 'first'), path.join(root.path, 'it\'s "second"')];
    unpack(first);
    expect(hasOwnLibrary(first)).toBe(false);
    expect(await useOwnLibrary(first)).toBe(1);
    expect(hasOwnLibrary(first)).toBe(true);
    expect(run(path.join(first, PROGRAM), '/proc/self/comm')).toBe('cat\n');
    renameSync(first, second);
    const [command, , libraries, , named, real, ...args] = run(
      path.join(second, PROGRAM),
      '/proc/self/cmdline',
    )
      .slice(0, -1)
      .split('\0');
    expect(path.normalize(command!)).toBe(path.join(second, 'loaders/cat'));
    expect(path.normalize(libraries!)).toBe(path.join(second, LIBRARIES));
    expect([named, real]).toEqual([path.join(second, PROGRAM), path.join(second, `${PROGRAM}.real`)]);
    expect(args).toEqual(['/proc/self/cmdline']);
  },
);

test.skipIf(LOADER === undefined)('libraries and scripts stay as they are', async () => {
  using root = temporaryFolder();
  unpack(root.path);
  await useOwnLibrary(root.path);
  expect(readdirSync(path.join(root.path, LIBRARIES))).not.toContain('libcat.so.1.real');
  expect(readdirSync(path.join(root.path, path.dirname(PROGRAM))).toSorted()).toEqual([
    'cat',
    'cat.real',
    'script',
  ]);
});

test('packages without a C library are refused', async () => {
  using root = temporaryFolder();
  mkdirSync(path.join(root.path, 'root'));
  await expect(useOwnLibrary(root.path)).rejects.toMatchObject({ code: 'download-failed' });
});
