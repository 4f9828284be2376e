import {
  chmodSync,
  type Dirent,
  existsSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { CommbenchError } from '../../kernel/errors.ts';

/** Folder of the links to the unpacked loader, one named as each program. */
const LOADERS = 'loaders';
const HEAD_BYTES = 2048;

/** Whether the programs of this folder run on a C library of their own. */
export function hasOwnLibrary(folder: string): boolean {
  return existsSync(path.join(folder, LOADERS));
}

/**
 * Makes the programs unpacked in `root` of this folder run on the C library unpacked with them, whatever the system's
 * is: each becomes a script that hands the real program to that library's loader. `LD_LIBRARY_PATH` would not do, as it
 * also reaches the system's shell, which dies on a foreign C library. All paths are relative to the script, so that
 * the folder can be moved. The loader is started by a link with the program's name, which is then the process's name.
 * @returns the number of programs
 * @throws CommbenchError download-failed where no loader was unpacked
 */
export async function useOwnLibrary(folder: string): Promise<number> {
  const root = path.join(folder, 'root');
  const files = await readdir(root, { recursive: true, withFileTypes: true });
  const loader = files.find((entry) => entry.isFile() && /^ld-linux.*\.so\.\d+$/.test(entry.name));
  if (!loader) {
    throw new CommbenchError(
      'download-failed',
      `Expected a loader (ld-linux*.so) in the packages of ${root}`,
    );
  }
  // Such as `usr/lib/x86_64-linux-gnu`, for any architecture.
  const libraries = files.filter((entry) => entry.isDirectory() && /-linux-gnu\w*$/.test(entry.name));
  const found = { folder, loader: pathOf(loader), libraries: libraries.map(pathOf) };
  mkdirSync(path.join(folder, LOADERS));
  let programs = 0;
  for (const entry of files.filter((it) => it.isFile() && !/\.so(\.|$)/.test(it.name))) {
    if (!(await isProgram(pathOf(entry)))) continue;
    wrap(pathOf(entry), found);
    programs++;
  }
  return programs;
}

function pathOf({ parentPath, name }: Dirent): string {
  return path.join(parentPath, name);
}

interface OwnLibrary {
  readonly folder: string;
  readonly loader: string;
  readonly libraries: readonly string[];
}

function wrap(file: string, { folder, loader, libraries }: OwnLibrary): void {
  const name = path.basename(file);
  const link = path.join(folder, LOADERS, name);
  if (!existsSync(link)) symlinkSync(path.relative(path.dirname(link), loader), link);
  renameSync(file, `${file}.real`);
  const at = (to: string) => `$here/${path.relative(path.dirname(file), to)}`;
  writeFileSync(
    file,
    `#!/bin/sh
# Runs ${name}.real on the C library that was unpacked with it.
here="\${0%/*}"
exec "${at(link)}" --library-path "${libraries.map(at).join(':')}" --argv0 "$0" "$here/${name}.real" "$@"
`,
  );
  chmodSync(file, 0o755);
}

/** A native program: it names the loader that starts it. */
async function isProgram(file: string): Promise<boolean> {
  await using handle = await open(file);
  if (((await handle.stat()).mode & 0o100) === 0) return false;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const head = buffer.subarray(0, bytesRead);
  return head.subarray(0, 4).toString('latin1') === '\x7fELF' && head.includes('/ld-linux');
}
